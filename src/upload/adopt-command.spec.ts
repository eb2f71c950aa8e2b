import { execFileSync } from 'node:child_process';
import { adoptCommand } from './adopt-command.js';

/** What a program gets to see of a command's words when a shell has read it. */
function wordsOf(command: string): string[] {
  const print = `filmroll() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync('bash', ['--norc', '-c', print], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } })
    .split('\0')
    .slice(0, -1);
}

describe('adoptCommand', () => {
  it('is plain where names are', () => {
    expect(adoptCommand('ada', 'luna')).toBe('filmroll adopt --username=ada --character=luna');
  });

  it.each([
    'O’Brien & Sons',
    "it's",
    '$(touch /tmp/x) `id` $HOME',
    '-rf',
    '*',
    'a\nb',
    "tab\t'quote'\\",
    'Ünïcode 月',
    '"',
    '!!',
    'a\u0085b',
  ])('reaches the program as it was meant: %j', (name) => {
    const command = adoptCommand(name, name);
    expect(wordsOf(command)).toEqual(['adopt', `--username=${name}`, `--character=${name}`]);
    expect(command).not.toMatch(/\p{Cc}/u);
  });
});
