/** One thing that must not happen, and every time that it did, in words. */
export interface Finding {
  name: string;
  cases: string[];
}

/** The values of `list` that have come before, each as often as it comes again. */
export function repeated<T>(list: T[]): T[] {
  const seen = new Set<T>();
  return list.filter((value) => seen.has(value) || !seen.add(value));
}
