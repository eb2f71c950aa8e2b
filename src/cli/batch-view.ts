import { BatchWatcher } from './batch-follower.js';

export interface Frame {
  position: number;
  index: number;
}

/** Shows a batch while it is made. */
export interface BatchView extends BatchWatcher {
  /** Something to know about the connection. */
  notice(text: string): void;
  /** Nothing more will come. */
  close(): void;
}
