/** The embedded database cannot live in this data directory. `message` is one line for people: what is wrong and what to do about it. */
export class DataDirectoryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataDirectoryError';
  }
}

/** Another living process holds the data directory. */
export class DataDirectoryInUseError extends DataDirectoryError {
  constructor(dataDir: string) {
    super(`${dataDir} is in use by another running Filmroll; stop it or set DATA_DIR to another folder`);
  }
}

/** What errors of the system and of programs have in common. */
type Failure = { code?: unknown; killed?: boolean; stderr?: string; message?: string };

/** Says in one line what `error` (of the system, of a program, or lines of PostgreSQL's log) means for `dataDir`. */
export function explain(dataDir: string, error: unknown): DataDirectoryError {
  if (error instanceof DataDirectoryError) return error;
  const { code, killed, stderr, message = String(error) } = error as Failure;
  const text = killed ? 'timeout' : stderr?.trim() || message;
  return new DataDirectoryError(sentence(dataDir, String(code), text), { cause: error });
}

function sentence(dataDir: string, code: string, text: string): string {
  if (/ENOSPC|EDQUOT/.test(code) || /No space left on device|Disk quota exceeded|Check free disk space/.test(text)) {
    return `There is no space left for the database in ${dataDir}; free some or set DATA_DIR to a folder on another disk`;
  }
  if (/EACCES|EPERM|EROFS/.test(code) || /Permission denied|Read-only file system|wrong ownership/.test(text)) {
    return `${dataDir} cannot be used by the user that runs Filmroll; change its owner or permissions, or set DATA_DIR to another folder`;
  }
  if (/^timeout$|aborted due to timeout/.test(text)) {
    return `The database in ${dataDir} did not get ready in time; try again, and look into postgres.log there`;
  }
  return `The database in ${dataDir} cannot be started: ${lineThatMatters(text)}`;
}

/** The last fatal line with its detail, else the last line, without PostgreSQL's time and process id. */
function lineThatMatters(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\S+ \S+ \S+ \[\d+\] /, '').trim())
    .filter((line) => line !== '');
  const fatal = lines.findLastIndex((line) => /\b(FATAL|PANIC|error):/.test(line));
  if (fatal === -1) return lines.at(-1) ?? 'PostgreSQL ended without a word';
  const detail = lines[fatal + 1]?.startsWith('DETAIL:') ? ` (${lines[fatal + 1].replace(/^DETAIL:\s*/, '')})` : '';
  return lines[fatal].replace(/^.*?\b(FATAL|PANIC|error):\s*/, '') + detail;
}
