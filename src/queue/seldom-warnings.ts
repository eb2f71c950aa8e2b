import { Logger } from '@nestjs/common';

/** The same trouble is told again only after so long. Milliseconds. */
const QUIET_FOR = 30_000;

/** Tells of trouble that comes again and again only now and then, so that an outage floods no log. */
export class SeldomWarnings {
  private readonly told = new Map<string, { at: number; since: number }>();

  constructor(private readonly logger: Logger) {}

  /** Logs `trouble` unless it was logged a moment ago; the job that it names does not make it another. */
  warn(trouble: string): void {
    const text = trouble.replace(/\bjob \S+/, 'a job');
    const before = this.told.get(text);
    if (before && Date.now() - before.at < QUIET_FOR) return void before.since++;
    this.logger.warn(before?.since ? `${text} (${before.since} times more since it was last told)` : text);
    this.told.set(text, { at: Date.now(), since: 0 });
  }
}
