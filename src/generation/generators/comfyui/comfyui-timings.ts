/** How long the adapter waits for what, in milliseconds. Tests make them short; nothing else changes them. */
export class ComfyuiTimings {
  /** An HTTP request without a byte of an answer. */
  request = 10_000;
  /** Pause before the first new try of a request; the next ones are longer. */
  retry = 100;
  /** How long a server that holds our prompt may leave every request unanswered. */
  silence = 30_000;
  /** How long the prompt that runs may give no sign of life before the server counts as stuck. Loading a model from a slow disk takes minutes. */
  stuck = 180_000;
  /** Between two looks at /history while the socket works… */
  poll = 2_000;
  /** …and while it does not. */
  pollDeaf = 250;
  /** Between two looks at /queue, whose answer holds whole graphs. */
  queuePoll = 10_000;
  /** How long a prompt must be in neither queue nor history before it counts as lost. */
  lost = 2_000;
  /** Before each try of a prompt that ran out of memory: at once when the models are unloaded, then later, for another program may have it. */
  memory = [0, 5_000];
  /** All of withdrawing a prompt. */
  withdraw = 3_000;
  /** After a download the history entry stays at least this long and at most twice as long, for a worker that has to ask again. */
  keepHistory = 60_000;
  /** How long it is remembered that a server lacks a file or a node. */
  lacking = 300_000;
  health = 5_000;
  healthMax = 60_000;
  reconnect = 500;
  reconnectMax = 30_000;
  /** For the first socket to open before a prompt is sent all the same. */
  open = 500;
  ping = 10_000;
  /** From the answer of a POST to the `status` message that must follow it. */
  deaf = 3_000;
  /** For the server to agree to a close. */
  close = 2_000;
  /** Between two reports of progress. */
  progress = 250;
}
