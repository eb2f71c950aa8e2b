import { memo } from 'react';
import { Link } from 'wouter';
import type { FrameView } from '../live/sheet-view';
import { Developing } from './developing';
import { FrameEdge } from './frame-edge';
import { FrameFailure } from './frame-failure';
import { STATE_WORDS } from './state-words';
import { thumbnail, WIDEST_ON_SHEET } from './thumbnail';

interface Props {
  frame: FrameView;
  /** How many frames the sheet has; null once it has ended: then the place within it is of no use any more. */
  total: number | null;
  /** The address of the page that the picture is opened from. */
  behind: string;
  onRetry: (position: number) => void;
}

/** One numbered frame of a contact sheet. It keeps its size whatever becomes of it. */
export const Frame = memo(function Frame({ frame, total, behind, onRetry }: Props) {
  const { id, index, position, status } = frame;
  return (
    <li className="frame" data-status={status} data-index={index}>
      <div className="exposure">
        <Exposure frame={frame} total={total} />
        {status === 'FAILED' ? (
          <FrameFailure frame={frame} behind={behind} onRetry={() => onRetry(position)} />
        ) : (
          <Link href={`/image/${id}`} state={{ behind }} className="cover" aria-label={`Frame ${index}, ${STATE_WORDS[status]}`} />
        )}
      </div>
      <FrameEdge frame={frame} total={total} behind={behind} />
    </li>
  );
});

/** What is to be seen so far: nothing, a gradient, a preview, the picture. */
function Exposure({ frame: { status, seed, url, preview, position, index }, total }: Pick<Props, 'frame' | 'total'>) {
  if (status === 'CANCELLED') return <span className="crossed" />;
  if (status === 'FAILED') return null;
  if (status === 'QUEUED') return <span className="faint">{total === null ? index : position}</span>;
  return <Developing seed={seed} before={preview} src={url === null ? undefined : thumbnail(url, WIDEST_ON_SHEET)} alt="" loading="lazy" />;
}
