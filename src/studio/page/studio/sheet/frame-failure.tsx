import type { FrameView } from '../live/sheet-view';
import { Icon } from '../parts/icon';

/** Why a frame is spoiled, and the one thing to do about it. */
export function FrameFailure({ frame: { error, index }, onRetry }: { frame: FrameView; onRetry: () => void }) {
  return (
    <div className="failure">
      <p title={error?.message}>{error?.message ?? 'It failed.'}</p>
      <button type="button" onClick={onRetry} aria-label={`Retry frame ${index}`}>
        <Icon name="retry" /> {error?.retryable === false ? 'Retry anyway' : 'Retry'}
      </button>
    </div>
  );
}
