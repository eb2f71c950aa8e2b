import { useEffect } from 'react';
import { useGallery } from '../gallery/use-gallery';
import type { SheetView } from '../live/sheet-view';

export interface Neighbours {
  previous: string | null;
  next: string | null;
}

/** How many pictures before the end of what is loaded of the gallery more is asked for. */
const AHEAD = 20;

/** The pictures before and after this one, in the list that it was opened from: the gallery's, or else its own sheet's. */
export function useNeighbours(id: string, behind: string | undefined, sheet: SheetView | null): Neighbours {
  const isInGallery = behind?.startsWith('/gallery') ?? false;
  const gallery = useGallery(behind ?? '', isInGallery);
  const list: readonly { id: string }[] = isInGallery ? gallery.images : (sheet?.frames ?? []);
  const place = list.findIndex((image) => image.id === id);
  useMoreAhead(gallery, isInGallery && place > list.length - AHEAD);
  return neighboursAt(list, place);
}

function neighboursAt(list: readonly { id: string }[], place: number): Neighbours {
  if (place === -1) return { previous: null, next: null };
  return { previous: list[place - 1]?.id ?? null, next: list[place + 1]?.id ?? null };
}

function useMoreAhead({ hasNextPage, isFetchingNextPage, fetchNextPage }: ReturnType<typeof useGallery>, isNearEnd: boolean): void {
  const isWanted = isNearEnd && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (isWanted) void fetchNextPage();
  }, [isWanted, fetchNextPage]);
}
