import { memo } from 'react';
import { Link } from 'wouter';
import type { GalleryImage } from '../api/picture-operations';
import { Icon } from '../parts/icon';
import { SteadyImage } from '../parts/steady-image';
import { seedGradient } from '../sheet/seed-gradient';
import { STATE_WORDS } from '../sheet/state-words';
import { thumbnail } from '../sheet/thumbnail';

const SIZE = 320;

interface Props {
  image: GalleryImage;
  address: string;
  /** 1… in the whole list, of which only a part is in the page. */
  place: number;
}

/** One picture of the gallery. */
export const GalleryCell = memo(function GalleryCell({ image, address, place }: Props) {
  const { id, character, index, status, seed, url, duplicateOf } = image;
  return (
    <li className="cell" data-status={status} aria-setsize={-1} aria-posinset={place}>
      <Link href={`/image/${id}`} state={{ behind: address }}>
        <span className="exposure" style={url ? { backgroundImage: seedGradient(seed) } : undefined}>
          {url ? <SteadyImage src={thumbnail(url, SIZE, SIZE)} alt="" loading="lazy" decoding="async" /> : <CellState status={status} />}
        </span>
        <span className="caption">
          <b>{index}</b> {character}
          {duplicateOf && (
            <span className="twin" title={`The same picture as ${duplicateOf.index}, byte for byte`}>
              <Icon name="twin" /> <span className="unseen">same picture as</span> {duplicateOf.index}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
});

function CellState({ status }: Pick<GalleryImage, 'status'>) {
  return (
    <span className="cell-state">
      {status === 'FAILED' && <Icon name="warning" />}
      {status === 'CANCELLED' && <Icon name="cancel" />}
      {STATE_WORDS[status]}
    </span>
  );
}
