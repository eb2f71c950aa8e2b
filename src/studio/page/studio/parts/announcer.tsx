import { useValue } from './use-value';
import { valueStore } from './value-store';

const said = valueStore('');

/** Tells a screen reader something when it has a moment. */
export function announce(text: string): void {
  said.set(text);
}

/** Where it is told. */
export function Announcer() {
  return (
    <p className="unseen" role="status" aria-live="polite">
      {useValue(said)}
    </p>
  );
}
