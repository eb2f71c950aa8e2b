import { useSyncExternalStore } from 'react';
import type { ValueStore } from './value-store';

/** The value of a store, read again whenever it changes. */
export function useValue<T>(store: ValueStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
