import { useRef } from 'react';
import { GenerateForm } from '../generate/generate-form';
import { useBatches } from '../live/use-batches';
import { Empty, Fault } from '../parts/notice';
import { useTitle } from '../parts/use-title';
import { ContactSheet, SheetSkeleton } from './contact-sheet';

/** The first view: ask for a batch, and watch the sheets fill. */
export function StudioView() {
  useTitle('Studio');
  return (
    <div className="studio">
      <h1 className="unseen">Studio</h1>
      <GenerateForm />
      <Sheets />
    </div>
  );
}

function Sheets() {
  const { ids, isSuccess, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useBatches();
  const earlier = useRef<Set<string> | null>(null);
  if (isSuccess) earlier.current ??= new Set(ids);
  if (isPending) return <div className="sheets">{error ? <Fault error={error} /> : <SheetSkeleton />}</div>;
  if (ids.length === 0) return <div className="sheets">{error ? <Fault error={error} /> : <FirstVisit />}</div>;
  const [now, before] = [ids.filter((id) => !earlier.current?.has(id)), ids.filter((id) => earlier.current?.has(id))];
  return (
    <div className="sheets">
      {now.length > 0 && (
        <div className="side-by-side">
          {now.map((id) => (
            <ContactSheet key={id} id={id} behind="/" />
          ))}
        </div>
      )}
      {now.length > 0 && before.length > 0 && <h2 className="rule">earlier</h2>}
      {before.map((id) => (
        <ContactSheet key={id} id={id} behind="/" />
      ))}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? 'Loading…' : 'Show earlier batches'}
        </button>
      )}
    </div>
  );
}

/** An empty sheet, and the one button that fills it. */
function FirstVisit() {
  return (
    <section className="first-visit">
      <Empty title="An empty sheet">
        <p>The prompt is filled in. One press of the button, and four frames develop here, each under a number of its own.</p>
      </Empty>
      <ol className="frames" aria-hidden="true">
        {[1, 2, 3, 4].map((number) => (
          <li key={number} className="frame" data-status="QUEUED">
            <div className="exposure">
              <span className="faint">{number}</span>
            </div>
            <div className="edge">
              <span className="number">{number}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
