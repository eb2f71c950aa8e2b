import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { CANCEL, RETRY } from '../api/operations';
import { send } from '../api/send';
import { useUsername } from '../api/username';
import { followerOf } from '../live/sheet-follower';
import { count, hasEnded, type SheetView } from '../live/sheet-view';
import { Icon } from '../parts/icon';
import { Fault } from '../parts/notice';
import { lengthText, shortTime } from '../parts/time-text';
import { BATCH_WORDS } from './state-words';
import { useRemaining } from './use-remaining';

interface Props {
  view: SheetView;
  /** Since when what is shown is only what was last known; null while it is live. */
  lastKnown: number | null;
  onRetry: () => void;
}

/** Whose batch it is, what was asked for, how far it is, and what can be done with it. */
export function SheetHeader({ view, lastKnown, onRetry }: Props) {
  const { id, character, username, prompt, frames } = view;
  const [first, last] = [frames.at(0)?.index, frames.at(-1)?.index];
  const isOthers = useUsername() !== username;
  const cancel = useCancel(id);
  return (
    <>
      <header className="sheet-header">
        <h2>
          <Link href={`/batch/${id}`} title={prompt}>
            <b>{character}</b> <q>{prompt}</q>
          </Link>
        </h2>
        <p className="sheet-facts">
          {isOthers && (
            <span className="owner" title={username}>
              {username}
            </span>
          )}
          <span title={`Indices of ${username}’s ${character}`}>{first === last ? `#${first}` : `#${first}–${last}`}</span>
          <Standing view={view} lastKnown={lastKnown} />
        </p>
        <Actions view={view} onRetry={onRetry} onCancel={() => cancel.mutate()} isCancelling={cancel.isPending} />
      </header>
      {cancel.error && <Fault error={cancel.error} />}
    </>
  );
}

/** How many, and how long still; of an ended one how it ended. */
function Standing({ view, lastKnown }: Pick<Props, 'view' | 'lastKnown'>) {
  const stored = count(view, 'UPLOADED');
  if (hasEnded(view)) {
    return (
      <>
        <span>
          {view.status === 'COMPLETED' ? `${stored} of ${view.count}` : `${stored} of ${view.count}, ${BATCH_WORDS[view.status]}`}
        </span>
        <time dateTime={view.createdAt}>{shortTime(view.createdAt)}</time>
      </>
    );
  }
  return (
    <>
      <span className="running">
        {stored} of {view.count}
      </span>
      {lastKnown === null ? (
        <Pace view={view} />
      ) : (
        <span className="last-known" title="It goes on by itself when the service is back.">
          last known {shortTime(lastKnown)}
        </span>
      )}
    </>
  );
}

/** How long still, and on which servers. */
function Pace({ view }: Pick<Props, 'view'>) {
  const left = useRemaining(view);
  const servers = new Set(view.frames.flatMap(({ status, backend }) => (status === 'GENERATING' && backend ? [backend] : [])));
  return (
    <>
      {left !== null && <span>{leftText(left)}</span>}
      {servers.size > 0 && <span className="servers">on {[...servers].join(', ')}</span>}
    </>
  );
}

/** In whole seconds: it is an estimate. */
function leftText(milliseconds: number): string {
  return milliseconds < 60_000 ? `about ${Math.ceil(milliseconds / 1_000)} s left` : `about ${lengthText(milliseconds)} left`;
}

interface ActionsProps extends Pick<Props, 'view' | 'onRetry'> {
  onCancel: () => void;
  isCancelling: boolean;
}

function Actions({ view, onRetry, onCancel, isCancelling }: ActionsProps) {
  const failed = count(view, 'FAILED');
  const canCancel = count(view, 'QUEUED', 'GENERATING', 'GENERATED') > 0;
  return (
    <div className="sheet-actions">
      {failed > 0 && (
        <button type="button" onClick={onRetry}>
          <Icon name="retry" /> Retry {failed === 1 ? 'the failed one' : `${failed} failed`}
        </button>
      )}
      {canCancel && (
        <button type="button" className="quiet" disabled={isCancelling} onClick={onCancel}>
          <Icon name="cancel" /> Cancel
        </button>
      )}
    </div>
  );
}

function useCancel(id: string) {
  return useMutation({
    mutationFn: () => send(CANCEL, { id }),
    onSuccess: ({ cancelBatch }) => followerOf(id).catchUp(cancelBatch.lastEvent),
  });
}

/** Sends failed frames on their way again: all, or the one at `position`. */
export function useRetry(id: string) {
  return useMutation({
    mutationFn: (position?: number) => send(RETRY, { id, positions: position === undefined ? null : [position] }),
    onSuccess: ({ retryBatch }) => followerOf(id).catchUp(retryBatch.lastEvent),
  });
}
