import { type ValueStore, valueStore } from './value-store';

/** A text that this browser keeps from visit to visit; empty where it keeps nothing. */
export function remembered(key: string, first = ''): ValueStore<string> {
  const name = `filmroll:${key}`;
  const store = valueStore(localStorage.getItem(name) ?? first);
  return {
    ...store,
    set: (text) => {
      localStorage.setItem(name, text);
      store.set(text);
    },
  };
}
