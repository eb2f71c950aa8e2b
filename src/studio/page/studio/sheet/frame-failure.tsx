import { Link } from 'wouter';
import type { FrameView } from '../live/sheet-view';
import { Icon } from '../parts/icon';

interface Props {
  frame: FrameView;
  behind: string;
  onRetry: () => void;
}

/** Why a frame is spoiled, which leads to its story, and the one thing to do about it. */
export function FrameFailure({ frame: { id, error, index }, behind, onRetry }: Props) {
  return (
    <div className="failure">
      <Link href={`/image/${id}`} state={{ behind }} title={error?.message}>
        {error?.message ?? 'It failed.'}
      </Link>
      <button type="button" onClick={onRetry} aria-label={`${retryWord(error)} frame ${index}`}>
        <Icon name="retry" /> {retryWord(error)}
      </button>
    </div>
  );
}

function retryWord(error: FrameView['error']): string {
  return error?.retryable === false ? 'Retry anyway' : 'Retry';
}
