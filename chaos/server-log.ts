import type { PlayedFault, PromptRun } from './evidence.js';

interface Line {
  at: number;
  fault?: string;
  request?: string;
  started?: string;
  ended?: string;
  startedAt?: number;
  endedAt?: number;
  outcome?: string;
  fingerprints?: string[];
}

/** What a fake ComfyUI server wrote down in all its lives. A run that was never said to have ended is one that it died over. */
export function readServerLog(server: string, text: string): { runs: PromptRun[]; faults: PlayedFault[] } {
  const faults: PlayedFault[] = [];
  const runs = new Map<string, PromptRun>();
  for (const line of text.split('\n').filter((one) => one.endsWith('}'))) {
    const { at, ...told } = JSON.parse(line) as Line;
    if (told.fault !== undefined) faults.push({ server, name: told.fault, at, request: told.request ?? '' });
    else if (told.started !== undefined) runs.set(`${told.started} ${at}`, runOf(server, told.started, at));
    else if (told.ended !== undefined) runs.set(`${told.ended} ${told.startedAt}`, endedRun(server, told.ended, told));
  }
  return { runs: [...runs.values()], faults };
}

function runOf(server: string, promptId: string, startedAt: number): PromptRun {
  return { server, promptId, startedAt, endedAt: null, outcome: 'killed', fingerprints: [] };
}

function endedRun(server: string, promptId: string, told: Omit<Line, 'at'>): PromptRun {
  const { startedAt = 0, endedAt, outcome = '', fingerprints = [] } = told;
  return { server, promptId, startedAt, endedAt: endedAt ?? null, outcome, fingerprints };
}
