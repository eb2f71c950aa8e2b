import type { AskedBatch, Evidence } from '../evidence.js';
import type { Finding } from './finding.js';

/** What clients were answered, or not. */
export function requestFindings({ asked }: Evidence): Finding[] {
  return [
    { name: 'requests unanswered', cases: asked.filter(({ answers }) => answers.length === 0).map(({ key }) => key) },
    { name: 'requests answered with two batches', cases: asked.filter(isTwofold).map(({ key }) => key) },
    { name: 'requests answered with another number of images', cases: asked.filter(isMiscounted).map(({ key }) => key) },
    { name: 'errors that do not say "try again"', cases: asked.flatMap(wrongErrors) },
  ];
}

function isTwofold({ answers }: AskedBatch): boolean {
  return new Set(answers.map((answer) => JSON.stringify(answer))).size > 1;
}

function isMiscounted({ count, answers }: AskedBatch): boolean {
  return answers.some(({ images }) => images.length !== count);
}

function wrongErrors({ key, errors }: AskedBatch): string[] {
  const wrong = Object.entries(errors).filter(([code]) => code !== 'SERVICE_UNAVAILABLE');
  return wrong.flatMap(([code, times]) => Array.from({ length: times }, () => `${key}: ${code}`));
}
