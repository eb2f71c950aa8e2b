import pg from 'pg';

/**
 * A connection whose loss ends nobody's process. pg-pool listens for errors while a connection is idle and its borrower once it has it;
 * one that is ended in the moment between has no listener, and Node would take its 'error' for a crash. Whoever uses it learns of the
 * loss from the query that fails.
 */
export class SturdyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
