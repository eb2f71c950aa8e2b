import { ConsoleLogger, LogLevel } from '@nestjs/common';

/** Nest's log, with times in UTC, and with colours on a terminal alone, unless NO_COLOR is set. */
export class ServiceLog extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    super({ logLevels, prefix: 'Filmroll', colors: process.stdout.isTTY ? undefined : false });
  }

  protected override getTimestamp(): string {
    return new Date().toISOString();
  }
}
