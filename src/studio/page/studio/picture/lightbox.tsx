import type { CSSProperties } from 'react';
import type { Picture } from '../api/picture-operations';
import type { FrameView } from '../live/sheet-view';
import { SteadyImage } from '../parts/steady-image';
import { seedGradient } from '../sheet/seed-gradient';
import { STATE_WORDS } from '../sheet/state-words';
import { thumbnail } from '../sheet/thumbnail';

/** Widest that a picture is asked for, in pixels. */
const WIDEST = 2048;

/** The picture as large as fits; before there is one, what there is to see so far. */
export function Lightbox({ picture, live }: { picture: Picture; live?: FrameView }) {
  const { url, character, index, seed, batch } = picture;
  const [width, height] = [picture.width ?? batch.width, picture.height ?? batch.height];
  if (url) {
    return (
      <SteadyImage
        className="whole"
        src={thumbnail(url, WIDEST)}
        width={width}
        height={height}
        alt={`${character} ${index}: ${batch.prompt}`}
      />
    );
  }
  const status = live?.status ?? picture.status;
  const style = { '--form': `${width} / ${height}`, '--width': width, backgroundImage: seedGradient(seed) } as CSSProperties;
  return (
    <div className="whole unfinished" style={style} data-status={status}>
      {live?.preview && <img src={live.preview} alt="" />}
      <p>
        {STATE_WORDS[status]}
        {status === 'GENERATING' && live?.fraction != null && ` ${Math.round(live.fraction * 100)} %`}
      </p>
    </div>
  );
}
