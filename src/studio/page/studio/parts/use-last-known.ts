import { connection } from '../api/connection';
import { useValue } from './use-value';

/** Since when what is shown is only what was last known, in milliseconds since 1970; null while the service can be reached. */
export function useLastKnown(): number | null {
  const { link, since } = useValue(connection);
  return link === 'reconnecting' ? since : null;
}
