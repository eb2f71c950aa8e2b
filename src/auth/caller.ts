import { BadInputError, ForbiddenError } from '../api/errors.js';

/** Who sends a request. On an open service that is anybody, who may see and do everything but must say for whom. */
export class Caller {
  constructor(
    readonly username: string | null,
    readonly isAdmin: boolean,
    /** When the proof of that ends; milliseconds since 1970, null: never. */
    readonly until: number | null = null,
  ) {}

  /** Whose things the request is about: the caller's own, or another's where the caller may name one. */
  actingFor(username?: string | null): string {
    const whose = username ?? this.username;
    if (whose === null)
      throw new BadInputError([{ field: 'username', message: 'is required, because callers are not authenticated here' }]);
    if (!this.maySee(whose)) throw new ForbiddenError('Only an admin may name another user.');
    return whose;
  }

  /** The user that a list is limited to, or null for everybody's. */
  listing(username?: string | null): string | null {
    return this.isAdmin && (username === undefined || username === null) ? null : this.actingFor(username);
  }

  maySee(username: string): boolean {
    return this.isAdmin || this.username === username;
  }
}
