import { type CSSProperties, useCallback } from 'react';
import { hasEnded } from '../live/sheet-view';
import { useSheet } from '../live/use-sheet';
import { Fault } from '../parts/notice';
import { useLastKnown } from '../parts/use-last-known';
import { Away } from '../parts/waiting';
import { Frame } from './frame';
import { SheetHeader, useRetry } from './sheet-header';
import { useMilestones } from './use-milestones';

/** One batch as a sheet of frames, live. `behind` is the address of the page that it stands on. */
export function ContactSheet({ id, behind }: { id: string; behind: string }) {
  const { view, problem } = useSheet(id);
  const away = useLastKnown();
  const { mutate, error } = useRetry(id);
  const onRetry = useCallback((position?: number) => mutate(position), [mutate]);
  useMilestones(view);
  if (problem) return <Fault error={problem} />;
  if (!view) return <SheetSkeleton />;
  const isRunning = !hasEnded(view);
  const lastKnown = isRunning ? away : null;
  const style = { '--form': `${view.width} / ${view.height}` } as CSSProperties;
  return (
    <section
      className="sheet"
      aria-label={`${view.character}: ${view.prompt}`}
      data-batch={id}
      data-status={view.status}
      data-last-known={lastKnown !== null}
    >
      <SheetHeader view={view} lastKnown={lastKnown} onRetry={() => onRetry()} />
      {error && <Fault error={error} />}
      <ol className="frames" style={style}>
        {view.frames.map((frame) => (
          <Frame key={frame.id} frame={frame} total={isRunning ? view.count : null} behind={behind} onRetry={onRetry} />
        ))}
      </ol>
    </section>
  );
}

/** Where a sheet will be. */
export function SheetSkeleton() {
  return (
    <section className="sheet skeleton" aria-busy="true" aria-label="Loading">
      <header className="sheet-header" />
      <Away />
      <ol className="frames">
        {[1, 2, 3, 4].map((position) => (
          <li key={position} className="frame">
            <div className="exposure" />
            <div className="edge" />
          </li>
        ))}
      </ol>
    </section>
  );
}
