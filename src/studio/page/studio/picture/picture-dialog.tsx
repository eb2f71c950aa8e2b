import { useLocation } from 'wouter';
import type { Picture } from '../api/picture-operations';
import { useSheet } from '../live/use-sheet';
import { Icon } from '../parts/icon';
import { Empty, Fault } from '../parts/notice';
import { useTitle } from '../parts/use-title';
import { Away } from '../parts/waiting';
import { Lightbox } from './lightbox';
import { PictureFacts } from './picture-facts';
import { Shell } from './shell';
import { useArrows } from './use-arrows';
import { type Neighbours, useNeighbours } from './use-neighbours';
import { useClose, useFreshStory, usePicture } from './use-picture';

interface Props {
  id: string;
  /** The address of the page that it was opened from; a link from elsewhere has none. */
  behind?: string;
}

/** One picture, as large as fits, over the page it was opened from. Arrows turn over, Esc closes. */
export function PictureDialog({ id, behind }: Props) {
  const { data: picture, error, isPending } = usePicture(id);
  useTitle(picture ? `${picture.character} ${picture.index}` : 'Picture');
  const close = useClose(behind, picture?.batchId);
  return (
    <Shell label={picture ? `${picture.character} ${picture.index}` : 'Picture'} close={close}>
      {picture && <Opened picture={picture} behind={behind} isRightOne={picture.id === id} id={id} />}
      {isPending && <Away />}
      {!picture && error && <Fault error={error} />}
      {picture === null && (
        <Empty title="There is no such picture">
          <p>The address may be mistyped, or the picture belong to somebody else.</p>
        </Empty>
      )}
    </Shell>
  );
}

interface OpenedProps extends Props {
  picture: Picture;
  /** False while the next one is being read: what is shown then is the one before. */
  isRightOne: boolean;
}

function Opened({ id, picture, isRightOne, behind }: OpenedProps) {
  const { view } = useSheet(picture.batchId);
  const [, navigate] = useLocation();
  const neighbours = useNeighbours(id, behind, view);
  const live = view?.frames.find((frame) => frame.id === picture.id);
  useFreshStory(picture.id, live?.status);
  const turnTo = (other: string | null) => other && navigate(`/image/${other}`, { replace: true, state: behind ? { behind } : null });
  useArrows(
    () => turnTo(neighbours.previous),
    () => turnTo(neighbours.next),
  );
  return (
    <>
      <div className="light-table" aria-busy={!isRightOne}>
        <Lightbox picture={picture} live={live} />
        <Turn neighbours={neighbours} turnTo={turnTo} />
      </div>
      <PictureFacts picture={picture} behind={behind} />
    </>
  );
}

function Turn({ neighbours: { previous, next }, turnTo }: { neighbours: Neighbours; turnTo: (id: string | null) => void }) {
  return (
    <>
      <button
        type="button"
        className="turn previous"
        aria-label="Previous picture"
        aria-disabled={!previous}
        onClick={() => turnTo(previous)}
      >
        <Icon name="left" />
      </button>
      <button type="button" className="turn next" aria-label="Next picture" aria-disabled={!next} onClick={() => turnTo(next)}>
        <Icon name="right" />
      </button>
    </>
  );
}
