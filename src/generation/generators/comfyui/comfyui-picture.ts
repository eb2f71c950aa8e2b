import { Logger } from '@nestjs/common';
import { GenerationRejectedError, type GeneratedPicture, type GenerationRequest } from '../../image-generator.js';
import type { BuiltWorkflow } from '../../workflows/workflow.js';
import {
  EmbeddingMissingError,
  ModelMissingError,
  PromptInterruptedError,
  PromptRefusedError,
  ServerFaultError,
} from './comfyui-errors.js';
import { readFailure } from './comfyui-failure.js';
import { ComfyuiJob } from './comfyui-job.js';
import { pictureOf, type Outcome } from './comfyui-outcome.js';
import type { ComfyuiProgress } from './comfyui-progress.js';
import { hasAll, missingThings, refusalReason } from './comfyui-refusal.js';
import type { ComfyuiServer } from './comfyui-server.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { pause } from './deadline.js';
import { downloadPicture } from './download-picture.js';
import { needEmbeddings, refuseUnseenEmbeddings } from './embedding-check.js';

/** What one attempt at one picture needs on whichever server it is tried. */
export interface Attempt {
  request: GenerationRequest;
  built: BuiltWorkflow;
  progress: ComfyuiProgress;
  signal: AbortSignal;
  keepMetadata: boolean;
  timings: ComfyuiTimings;
  /** Asked which of them has what one lacks. */
  servers: ComfyuiServer[];
}

const logger = new Logger('ComfyUI');

/** Sends the prompt to the server and brings the picture back. A prompt that runs out of memory, which makes ComfyUI unload its models, is sent again. */
export async function makePicture(attempt: Attempt, server: ComfyuiServer): Promise<GeneratedPicture> {
  const { request, built, signal } = attempt;
  refuseUnseenEmbeddings(built.prompts);
  await needEmbeddings(server, built.prompts, signal);
  let outcome = await sendPrompt(attempt, server);
  for (const milliseconds of attempt.timings.memory) {
    if (!ranOutOfMemory(outcome)) break;
    say(attempt, server, 'out of memory; trying again');
    await pause(milliseconds, signal);
    await server.api.deleteHistory([request.promptId]);
    outcome = await sendPrompt(attempt, server);
  }
  return fetchPicture(attempt, server, request.promptId, outcome);
}

/** The picture of an earlier attempt, which may still be running; null where that one cannot give one. */
export async function earlierPicture(attempt: Attempt, server: ComfyuiServer, promptId: string): Promise<GeneratedPicture | null> {
  try {
    const outcome = await jobFor(attempt, server, promptId).follow(attempt.signal);
    if (!outcome || ranOutOfMemory(outcome)) return null;
    say(attempt, server, 'has the picture of an earlier attempt');
    return await fetchPicture(attempt, server, promptId, outcome);
  } catch (error) {
    attempt.signal.throwIfAborted();
    if (error instanceof GenerationRejectedError) throw error;
    say(attempt, server, `an earlier attempt is of no use (${(error as Error).message})`);
    return null;
  }
}

async function sendPrompt(attempt: Attempt, server: ComfyuiServer): Promise<Outcome> {
  try {
    return await jobFor(attempt, server, attempt.request.promptId).make(attempt.built.graph, attempt.signal);
  } catch (error) {
    if (error instanceof PromptRefusedError) throw await refusal(attempt, server, error.body);
    throw error;
  }
}

function jobFor(attempt: Attempt, server: ComfyuiServer, promptId: string): ComfyuiJob {
  const { progress, timings } = attempt;
  return new ComfyuiJob(
    server,
    promptId,
    (event) => progress.hear(event),
    timings,
    (message) => say(attempt, server, message),
  );
}

/** What one server lacks another may have: only when none of the others does, or can be asked, is it the prompt's own fault. */
async function refusal({ built, servers, signal }: Attempt, server: ComfyuiServer, body: Record<string, unknown>): Promise<Error> {
  const reason = refusalReason(body);
  const things = missingThings(body, built.graph);
  if (things.length === 0) return new GenerationRejectedError(reason);
  const others = servers.filter((other) => other !== server);
  const had = await Promise.all(others.map((other) => hasAll(other.api, things, signal).catch(() => true)));
  if (!had.includes(true)) return new GenerationRejectedError(reason);
  server.lacks(things);
  return new ModelMissingError(server.name, reason);
}

function ranOutOfMemory(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && readFailure(outcome.error).kind === 'out of memory';
}

async function fetchPicture(attempt: Attempt, server: ComfyuiServer, promptId: string, outcome: Outcome): Promise<GeneratedPicture> {
  const { built, keepMetadata, timings, signal } = attempt;
  if (outcome.kind === 'interrupted') throw new PromptInterruptedError(server.name);
  if (outcome.kind === 'failed') throw failure(server, outcome.error);
  const file = pictureOf(outcome.outputs, built.outputs);
  if (!file) throw new GenerationRejectedError('The workflow ended without saving a picture.');
  const bytes = await downloadPicture(server, file, keepMetadata, timings, signal);
  await keepOnlyWithEmbeddings(server, promptId, built.prompts, signal);
  server.cleaner.forgetLater(promptId);
  return { bytes, backend: server.name };
}

function failure(server: ComfyuiServer, error: Record<string, unknown>): Error {
  const { kind, reason } = readFailure(error);
  return kind === 'server fault' ? new ServerFaultError(server.name, reason) : new GenerationRejectedError(reason);
}

/** An embedding that has gone meanwhile may have been gone during the run: then nobody must find this picture. */
async function keepOnlyWithEmbeddings(server: ComfyuiServer, promptId: string, prompts: string[], signal: AbortSignal): Promise<void> {
  try {
    await needEmbeddings(server, prompts, signal);
  } catch (error) {
    if (error instanceof EmbeddingMissingError) await server.api.deleteHistory([promptId]);
    throw error;
  }
}

function say({ request }: Attempt, server: ComfyuiServer, message: string): void {
  logger.log(`image ${request.imageId} attempt ${request.attempt} on ${server.name}: ${message}`);
}
