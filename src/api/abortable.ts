/**
 * An iterator whose `return()` first aborts the signal that `run` waits on. A plain async generator that is parked on an await would
 * neither end nor clean up when its subscriber leaves.
 */
export function abortable<T>(run: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const controller = new AbortController();
  const events = run(controller.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next(),
    return: async () => {
      controller.abort();
      return events.return(undefined);
    },
    throw: async (error) => {
      controller.abort();
      return events.throw(error);
    },
  };
}
