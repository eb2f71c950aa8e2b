import { readFileSync } from 'node:fs';
import { documentedCommands, NOT_COMMANDS, RUN_ELSEWHERE, runnableHere, unusedWays } from './documented-commands.js';
import { blocksOf, pages } from './markdown.js';
import { runCommands } from './run-commands.js';

const lines = documentedCommands().map(({ line }) => line);

describe('the commands of the docs', () => {
  it('stand in blocks of sh or of a crontab', () => {
    const languages = new Set(
      pages()
        .flatMap(blocksOf)
        .map(({ language }) => language),
    );
    expect([...languages].toSorted()).toEqual([...NOT_COMMANDS, 'cron', 'sh'].toSorted());
  });

  it('are all that the tables speak of', () => {
    const parts = lines.flatMap((line) => line.split(' && '));
    expect(Object.keys(RUN_ELSEWHERE).filter((command) => !parts.includes(command))).toEqual([]);
    expect(unusedWays(lines.map(runnableHere))).toEqual([]);
  });

  it('are run by .ci/run where they cannot be run here', () => {
    const ci = readFileSync('.ci/run', 'utf8');
    const { pretest } = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;
    for (const command of ['npm ci', 'npm test']) expect(ci).toContain(command);
    expect(pretest).toContain('npm run build');
  });

  // Those with a Redis: test/redis/commands.spec.ts.
  runCommands((line) => !line.includes('REDIS_URL='));
});
