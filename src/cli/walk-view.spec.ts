import { StorageWalk } from '../audit/storage-walk.entity.js';
import { WalkView } from './walk-view.js';

describe('what people see of a walk', () => {
  const { isTTY } = process.stderr;
  let lines: string[];
  let drawn: string;
  let view: WalkView;

  beforeEach(() => {
    [lines, drawn] = [[], ''];
    jest.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((drawn += String(text)), true));
    process.stderr.isTTY = true;
    view = new WalkView();
  });

  afterEach(() => {
    view.close();
    process.stderr.isTTY = isTTY;
    jest.restoreAllMocks();
  });

  function walk(seen: number, prefixesDone = 0): StorageWalk {
    return Object.assign(new StorageWalk(), { prefixes: ['filmroll/'], prefixesDone, cursor: seen ? 'next' : null, seen });
  }

  it('is a bar with the time that is left', () => {
    view.onBegin(walk(0), 1_000);
    view.onPage(walk(500));

    expect(drawn).toMatch(/500 of 1000 assets, [\d,]+\/s, a second left/);
  });

  it('is a bar that promises no end when storage holds more than the ledger says', () => {
    view.onBegin(walk(0), 10);
    view.onPage(walk(500));

    expect(drawn).toMatch(/500 of 500 assets, [\d,]+\/s, more than expected/);
  });

  it('is a line when storage fails, once for all that fail alike and again after a page', () => {
    view.onBegin(walk(0), 1_000);
    for (const _ of [1, 2, 3]) view.onTrouble(new Error('Nobody is there.'));
    view.onTrouble(new Error('Somebody is there.'));
    view.onPage(walk(500));
    view.onTrouble(new Error('Somebody is there.'));

    const told = lines.filter((line) => line.startsWith('Storage cannot be read at the moment: '));
    expect(told.map((line) => /(Nobody|Somebody)/.exec(line)?.[0])).toEqual(['Nobody', 'Somebody', 'Somebody']);
    expect(told[0]).toContain('Nobody is there. It is tried again for some minutes. Ctrl-C stops');
  });
});
