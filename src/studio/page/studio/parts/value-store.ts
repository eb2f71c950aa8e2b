/** A value that components can watch: the shape that React's `useSyncExternalStore` wants. */
export interface ValueStore<T> {
  get: () => T;
  set: (value: T) => void;
  /** Calls `listener` after each change until the returned function is called. */
  subscribe: (listener: () => void) => () => void;
}

/** Holds `value` and tells its listeners when another one is set. */
export function valueStore<T>(value: T): ValueStore<T> {
  const listeners = new Set<() => void>();
  let now = value;
  return {
    get: () => now,
    set: (next) => {
      if (Object.is(next, now)) return;
      now = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
