/** Two walks of the same assets at once would only read everything twice. */
export class WalkInProgressError extends Error {
  constructor() {
    super(
      'Another filmroll is walking through the same part of storage. Let it finish, or stop it: then the same command goes on where it was.',
    );
    this.name = 'WalkInProgressError';
  }
}

/** Storage cannot be read, now or at all. `message` is for people. */
export class StorageUnreadableError extends Error {
  constructor(cause: Error) {
    super(`Storage cannot be read: ${cause.message} What has been seen is kept: the same command goes on from there.`, { cause });
    this.name = 'StorageUnreadableError';
  }
}

/** Nobody knows of this series: most likely a name is written otherwise. */
export class UnknownSeriesError extends Error {
  constructor() {
    super('Neither ledger nor storage knows this character of this user. Both names must be written exactly as when the batch was made.');
    this.name = 'UnknownSeriesError';
  }
}
