import { embeddingWords, hasEmbedding } from '../../../characters/embedding-words.js';
import { GenerationRejectedError } from '../../image-generator.js';
import type { BuiltWorkflow } from '../../workflows/workflow.js';
import type { ComfyuiServer } from './comfyui-server.js';

/** An embedding or a checkpoint that the picture needs; `kind` and `name` are for people. */
interface Need {
  kind: 'embedding' | 'checkpoint';
  name: string;
  isMetBy(server: ComfyuiServer): boolean;
}

/**
 * The servers that have every embedding and checkpoint of the workflow, by what they were last seen to have; of these, if there are any, those that
 * have not refused such a prompt lately. Throws `GenerationRejectedError` if none has it all and each was seen.
 */
export function ableServers(servers: ComfyuiServer[], built: BuiltWorkflow): ComfyuiServer[] {
  const needs = [...embeddingNeeds(built.prompts), ...built.checkpoints.map(checkpointNeed)];
  const seen = servers.filter(({ health }) => health.lastSeenAt !== null);
  const able = seen.filter((server) => needs.every((need) => need.isMetBy(server)));
  if (able.length === 0 && seen.length === servers.length) throw rejection(servers, needs);
  const willing = able.filter((server) => !server.lacksFor(built.graph));
  return willing.length > 0 ? willing : able;
}

function embeddingNeeds(prompts: string[]): Need[] {
  const names = [...new Set(prompts.flatMap(embeddingWords))];
  return names.map((name) => ({ kind: 'embedding', name, isMetBy: ({ health }) => hasEmbedding(health.embeddings, name) }));
}

/** An empty name stands for any checkpoint. */
function checkpointNeed(name: string): Need {
  const isMetBy = ({ health }: ComfyuiServer): boolean => (name === '' ? health.checkpoints.length > 0 : health.checkpoints.includes(name));
  return { kind: 'checkpoint', name, isMetBy };
}

function rejection(servers: ComfyuiServer[], needs: Need[]): GenerationRejectedError {
  const nowhere = needs.filter((need) => !servers.some((server) => need.isMetBy(server)));
  const told = (nowhere.length > 0 ? nowhere : needs)
    .map(({ kind, name }) => (name === '' ? `any ${kind}` : `the ${kind} "${name}"`))
    .join(' and ');
  const message = nowhere.length > 0 ? `No ComfyUI server has ${told}.` : `No single ComfyUI server has ${told}.`;
  return new GenerationRejectedError(
    message,
    nowhere.some(({ kind }) => kind === 'embedding') ? 'EMBEDDING_NOT_FOUND' : 'GENERATOR_REJECTED',
  );
}
