import { useLastKnown } from './use-last-known';

/** Where something will be that is being read. */
export function Waiting() {
  return (
    <div className="waiting" aria-busy="true" aria-label="Loading">
      <Away />
    </div>
  );
}

/** Why it takes so long, while the service is away. */
export function Away() {
  return useLastKnown() === null ? null : (
    <p className="away">The service cannot be reached just now. This comes by itself when it is back.</p>
  );
}
