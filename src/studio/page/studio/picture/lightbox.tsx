import type { CSSProperties } from 'react';
import type { Picture } from '../api/picture-operations';
import type { FrameView } from '../live/sheet-view';
import { Developing } from '../sheet/developing';
import { STATE_WORDS } from '../sheet/state-words';
import { thumbnail, WIDEST_ON_SHEET } from '../sheet/thumbnail';

/** Widest that a picture is asked for, in pixels. */
const WIDEST = 2048;

interface Props {
  picture: Picture;
  /** The same picture as its sheet knows it, if it is on one. */
  live?: FrameView;
}

/** The picture as large as fits; before there is one, or until it has come, what there is to see so far. */
export function Lightbox({ picture, live }: Props) {
  const { id, url, character, index, seed, batch } = picture;
  const [width, height] = [picture.width ?? batch.width, picture.height ?? batch.height];
  const style = { '--ratio': width / height, '--width': `${width}px` } as CSSProperties;
  const status = live?.status ?? picture.status;
  return (
    <div className="whole" style={style} data-status={status}>
      <Developing
        key={id}
        seed={seed}
        before={live?.preview ?? smaller(url)}
        src={url ? thumbnail(url, WIDEST) : undefined}
        alt={`${character} ${index}: ${batch.prompt}`}
      />
      {!url && <p>{wordFor(status, live?.fraction ?? null)}</p>}
    </div>
  );
}

/** The copy that the sheets show, where storage makes one: it comes sooner, or is there already. */
function smaller(url: string | null): string | null {
  const copy = url && thumbnail(url, WIDEST_ON_SHEET);
  return copy === url ? null : copy;
}

function wordFor(status: Picture['status'], fraction: number | null): string {
  const percent = status === 'GENERATING' && fraction !== null ? ` ${Math.round(fraction * 100)} %` : '';
  return `${STATE_WORDS[status]}${percent}`;
}
