import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { GalleryImage } from '../api/picture-operations';
import { GalleryCell } from './gallery-cell';

/** In pixels: the narrowest that a picture gets, what lies between two, and the line below each. */
const NARROWEST = 168;
const GAP = 8;
const CAPTION = 28;
/** Rows above and below the screen that are ready, and how many before the end the next page is asked for. */
const READY_ROWS = 4;
const ROWS_AHEAD = 12;

interface Props {
  images: GalleryImage[];
  /** The gallery's address, to come back to. */
  address: string;
  onNearEnd: () => void;
}

/** Any number of pictures; only those on the screen and a few rows around it are in the page. */
export function PictureGrid({ images, address, onNearEnd }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const { width, top } = usePlace(list);
  const columns = Math.max(2, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const rowHeight = (width + GAP) / columns + CAPTION;
  const rows = Math.ceil(images.length / columns);
  const virtualizer = useWindowVirtualizer({
    count: rows,
    estimateSize: () => rowHeight,
    overscan: READY_ROWS,
    scrollMargin: top,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows - ROWS_AHEAD) onNearEnd();
  }, [lastShown, rows, onNearEnd]);
  const first = (shown.at(0)?.index ?? 0) * columns;
  const style = {
    height: virtualizer.getTotalSize(),
    '--columns': columns,
    '--above': `${(shown.at(0)?.start ?? top) - top}px`,
  } as CSSProperties;
  return (
    <ol ref={list} className="picture-grid" style={style}>
      {width > 0 &&
        images
          .slice(first, (lastShown + 1) * columns)
          .map((image, at) => <GalleryCell key={image.id} image={image} address={address} place={first + at + 1} />)}
    </ol>
  );
}

/** How wide an element is, and how far below the top of the page. */
function usePlace(element: { current: HTMLElement | null }): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const here = element.current;
    if (!here) return;
    const measure = () => setPlace({ width: here.clientWidth, top: here.getBoundingClientRect().top + scrollY });
    const observer = new ResizeObserver(measure);
    observer.observe(here);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return place;
}
