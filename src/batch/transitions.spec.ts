import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageStatus } from './image-status.js';
import { TRANSITIONS } from './transitions.js';

const ARROW = /^ *(\w+) --> (\w+): (\w+)$/gm;

function drawn(): string[] {
  const page = readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8');
  const [, diagram] = /```mermaid\nstateDiagram-v2\n([^`]*)```/.exec(page)!;
  return [...diagram.matchAll(ARROW)].map(([, from, to, name]) => `${from} → ${to} by ${name}`);
}

function coded(): string[] {
  return Object.entries(TRANSITIONS).flatMap(([name, { from, to }]) => from.map((before) => `${before} → ${to} by ${name}`));
}

describe('the transitions of an image', () => {
  it('are those that docs/architecture.md draws', () => {
    expect(drawn().toSorted()).toEqual(coded().toSorted());
  });

  it('reach every status, and leave UPLOADED and CANCELLED never', () => {
    const rules = Object.values(TRANSITIONS);
    expect(new Set(rules.map(({ to }) => to))).toEqual(new Set(Object.values(ImageStatus)));
    const left = new Set<ImageStatus>(rules.flatMap(({ from }) => from));
    expect(Object.values(ImageStatus).filter((status) => !left.has(status))).toEqual([ImageStatus.UPLOADED, ImageStatus.CANCELLED]);
  });

  it('fence whoever works on an image that is taken from them or given to another', () => {
    const fencing = Object.entries(TRANSITIONS).filter(([, { fences }]) => fences);
    const names = ['claimGeneration', 'putBackGeneration', 'claimUpload', 'putBackUpload', 'cancel', 'retryGeneration', 'retryUpload'];
    expect(fencing.map(([name]) => name)).toEqual(names);
  });
});
