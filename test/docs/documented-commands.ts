import { blocksOf, pages } from './markdown.js';

/** A line that people paste into a terminal. */
export interface DocumentedCommand {
  line: string;
  place: string;
}

/** How one finds out that a command works: it ends with 0, and if need be without a word; it begins to serve; or it takes its options. */
export type Way = { ends: 'well' | 'without a word' } | { serves: RegExp } | { takesOptions: true };

/** Commands that cannot run within a test run, and what runs them instead. */
export const RUN_ELSEWHERE: Record<string, string> = {
  'npm ci': '.ci/run, in a clean clone',
  'npm run build': 'the same, before the tests',
  'npm test': '.ci/run',
  'docker compose up --build': 'nobody: there is no Docker where the tests run, and docker-compose.yml says so',
  'docker compose up --build --scale worker=3': 'nobody, likewise',
};

/** Blocks that are to be read and not to be pasted into a terminal. */
export const NOT_COMMANDS = ['', 'graphql', 'json', 'mermaid', 'yaml'];

const SERVICE = /ready at (\S+)/;

const WAYS: [RegExp, Way][] = [
  [/^(\w+=\S+ )*npm start$/, { serves: SERVICE }],
  [/^node dist\/main\.js$/, { serves: SERVICE }],
  [/^npm run demo$/, { serves: /All 4 pictures are stored, and all differ/ }],
  [/^node examples\/serve\.mjs$/, { serves: /Open (\S+)/ }],
  [/^node examples\/generate\.mjs\b/, { ends: 'well' }],
  [/^npx filmroll (generate|watch|audit|adopt|migrate)\b/, { ends: 'well' }],
  [/^cd \/srv\/filmroll && npx filmroll audit\b/, { ends: 'without a word' }],
  [/^JWT_SECRET=.* node --input-type=module -e /, { ends: 'well' }],
  // A small one runs in test/chaos.
  [/^npm run chaos\b/, { takesOptions: true }],
];

/** Every command of the docs once, without comments; those of a crontab without their times. */
export function documentedCommands(): DocumentedCommand[] {
  const found = new Map<string, string>();
  for (const { file, line, language, text } of pages().flatMap(blocksOf)) {
    const lines = language === 'sh' || language === 'cron' ? text.split('\n') : [];
    for (const [at, words] of lines.entries()) {
      const uncommented = words.replace(/\s*(^|\s)#.*$/, '');
      const command = language === 'cron' ? uncommented.replace(/^(\S+ ){5}/, '') : uncommented;
      if (command !== '' && !found.has(command)) found.set(command, `${file}:${line + at}`);
    }
  }
  return [...found].map(([line, place]) => ({ line, place }));
}

/** The parts of a line that do not run elsewhere, as a line of their own; empty if all do. */
export function runnableHere(line: string): string {
  return line
    .split(' && ')
    .filter((part) => !(part in RUN_ELSEWHERE))
    .join(' && ');
}

/** How to run it; undefined for a command that nobody has thought of. */
export function wayOf(line: string): Way | undefined {
  return WAYS.find(([pattern]) => pattern.test(line))?.[1];
}

/** The ways that no line goes. */
export function unusedWays(lines: string[]): RegExp[] {
  return WAYS.map(([pattern]) => pattern).filter((pattern) => !lines.some((line) => pattern.test(line)));
}
