import { statSync } from 'node:fs';
import { Config } from '../../src/config/config.js';
import { ApiClient } from '../service/api-client.js';
import { createDatabase } from '../service/test-service.js';
import { documentedCommands, runnableHere, Way, wayOf } from './documented-commands.js';
import { ShellCommand } from './shell-command.js';
import { StandIns } from './stand-ins.js';

/** All of them on a machine that has other things to do. Milliseconds. */
const LONGEST = 180_000;

/** As the build left it: npx makes a command executable when it links it for the first time, but no later build of it (seen with npm 11.19). */
const modeAsBuilt = statSync('dist/cli/filmroll.js').mode;

/** Runs every command of the docs that `isMeant` says, against stand-ins: a test for each. */
export function runCommands(isMeant: (line: string) => boolean): void {
  const all = documentedCommands();
  const commands = all.filter(({ line }) => isMeant(line) && runnableHere(line) !== '');
  let standIns: StandIns;
  let endings: Map<string, Promise<unknown>>;

  beforeAll(async () => {
    standIns = await StandIns.start();
    const lanes = [commands.filter(({ line }) => isService(line)), commands.filter(({ line }) => !isService(line))];
    endings = new Map(
      lanes.flatMap((lane) =>
        oneAfterAnother(
          lane.map(({ line }) => line),
          (line) => run(runnableHere(line), standIns),
        ),
      ),
    );
  });

  afterAll(async () => {
    await Promise.all(endings.values());
    await standIns.close();
  }, LONGEST);

  it.each(commands)('$place: $line', async ({ line }) => expect(await endings.get(line)).toBe('works'), LONGEST);

  it('include one that is executable before npx has linked it', () => {
    expect((modeAsBuilt & 0o111).toString(8)).toBe('111');
  });

  it('need every stand-in that there is', () => {
    const documented = Object.keys(standIns.words(''));
    expect(documented.filter((word) => !all.some(({ line }) => line.includes(word)))).toEqual([]);
  });
}

function isService(line: string): boolean {
  const way = wayOf(runnableHere(line));
  return way !== undefined && 'serves' in way;
}

/** Resolves each with 'works' or with what is wrong, so that a test may look at it later. */
function oneAfterAnother(lines: string[], run: (line: string) => Promise<void>): [string, Promise<unknown>][] {
  let last: Promise<unknown> = Promise.resolve();
  return lines.map((line) => {
    last = last
      .then(() => run(line))
      .then(
        () => 'works',
        (error: Error) => error.message,
      );
    return [line, last];
  });
}

async function run(line: string, standIns: StandIns): Promise<void> {
  const way = wayOf(line);
  if (!way) throw new Error('Nobody has said in test/docs/documented-commands.ts how this command is run.');
  const unknownSettings = settingsIn(line).filter((name) => !(name in new Config()));
  if (unknownSettings.length > 0) throw new Error(`There is no setting ${unknownSettings.join(', ')}.`);
  if ('serves' in way) return runService(line, way, standIns);
  const words = 'takesOptions' in way ? `${line} --help` : line;
  const command = new ShellCommand(substituted(words, standIns.words('')), standIns.environment());
  const code = await command.ending;
  const isWrong = code !== 0 || ('ends' in way && way.ends === 'without a word' && command.output !== '');
  if (isWrong) throw new Error(`ended with ${code}:\n${command.output}`);
  const unknown = 'takesOptions' in way ? (line.match(/--\w[\w-]*/g) ?? []).filter((option) => !isToldOf(option, command.output)) : [];
  if (unknown.length > 0) throw new Error(`has no ${unknown.join(', ')}`);
}

/** The variables that the line sets before its command. */
function settingsIn(line: string): string[] {
  const [assignments] = /^(\w+=('[^']*'|\S*) )*/.exec(line)!;
  return assignments.match(/(?<=^| )\w+(?==)/g) ?? [];
}

/** Whether a line of a --help begins with the option. */
function isToldOf(option: string, help: string): boolean {
  return help.split('\n').some((line) => line.trimStart().startsWith(`${option} `));
}

/** On a database and a folder of its own, so that its own workers do the work. */
async function runService(line: string, { serves }: Extract<Way, { serves: RegExp }>, standIns: StandIns): Promise<void> {
  const database = await createDatabase();
  try {
    const own = { DATABASE_URL: database.url, DATA_DIR: await standIns.newFolder() };
    const command = new ShellCommand(substituted(line, standIns.words(database.url)), standIns.environment(own));
    await useWhileItRuns(command, serves, line);
  } finally {
    await database.drop();
  }
}

async function useWhileItRuns(command: ShellCommand, serves: RegExp, line: string): Promise<void> {
  try {
    const [, url] = await command.says(serves);
    if (url) await use(url, line);
  } finally {
    // It may have ended by itself.
    await command.interrupt().catch(() => undefined);
  }
}

/** What serves and works makes a picture, with what the line has connected; anything else answers. */
async function use(url: string, line: string): Promise<void> {
  const isWhole = line.endsWith('npm start') && !line.includes('ROLE=');
  const { ok } = await fetch(isWhole || line.includes('ROLE=') ? `${url}/health/ready` : url);
  if (!ok) throw new Error(`${url} does not answer as it should`);
  if (!isWhole) return;
  const api = new ApiClient(url);
  const status = await api.ended(await api.generate({ count: 1 }));
  if (status !== 'COMPLETED') throw new Error(`its batch ended as ${status}`);
}

/** Nothing of the docs' made-up world is left, and nothing leads off this machine. */
function substituted(line: string, words: Record<string, string>): string {
  const here = Object.entries(words).reduce((text, [documented, standIn]) => text.replaceAll(documented, standIn), line);
  const elsewhere = /…|\w+:\/\/(?!(\S*@)?127\.0\.0\.1)[^\s']*/.exec(here.replace(/cloudinary:\/\/\S*127\.0\.0\.1\S*/, ''));
  if (elsewhere) throw new Error(`There is no stand-in for ${elsewhere[0]} in test/docs/stand-ins.ts.`);
  return here;
}
