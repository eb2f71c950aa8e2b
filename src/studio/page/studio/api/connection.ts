import { valueStore } from '../parts/value-store';

export type Link = 'connecting' | 'live' | 'reconnecting';

export interface Connection {
  link: Link;
  /** When it became so; milliseconds since 1970. */
  since: number;
}

/** Whether what is on the page is followed live just now. */
export const connection = valueStore<Connection>({ link: 'connecting', since: Date.now() });

export function linkIs(link: Link): void {
  if (connection.get().link !== link) connection.set({ link, since: Date.now() });
}
