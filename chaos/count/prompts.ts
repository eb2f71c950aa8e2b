import type { Evidence } from '../evidence.js';
import type { Finding } from './finding.js';

/** What ComfyUI servers drew, against the claims: each writes down the prompt's id before it is sent. */
export function promptFindings({ ledger, runs }: Evidence): Finding[] {
  const claimed = new Set(ledger.changes.map(({ promptId }) => promptId));
  const unknown = runs.filter(({ promptId }) => !claimed.has(promptId));
  return [{ name: 'prompts that belong to no claim', cases: unknown.map(({ server, promptId }) => `${promptId} on ${server}`) }];
}
