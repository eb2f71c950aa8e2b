import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { type Inside, isAtLeast } from './inside.js';
import { parsePythonJson, toPythonJson } from './python-json.js';
import { type Validation, validatePrompt } from './validation.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** POST /prompt. Whatever it throws is a 500. */
export async function postPrompt(inside: Inside, request: Request, response: Response): Promise<void> {
  const body = parsePythonJson(request.body ?? '') as Record<string, any>;
  const number = numberFor(body, inside);
  if (!('prompt' in body)) return refuse(response, { type: 'no_prompt', message: 'No prompt provided', details: 'No prompt provided' });
  const promptId = idFor(body, inside);
  if (promptId === null)
    return refuse(response, { type: 'invalid_prompt_id', message: 'Invalid prompt id', details: String(body.prompt_id) });
  const judged = validate(body, inside);
  if (judged.error) return refuse(response, judged.error, judged.nodeErrors);
  const ended = inside.faults.lateReplies.strikes() ? jobEnd(inside, promptId) : null;
  inside.queue.put([number, promptId, body.prompt, extraDataOf(body, inside), judged.outputs]);
  await reply(inside, response, { prompt_id: promptId, number, node_errors: judged.nodeErrors }, ended);
}

async function reply({ faults }: Inside, response: Response, body: object, ended: Promise<void> | null): Promise<void> {
  if (faults.loseReplies.strikes()) return void response.socket!.resetAndDestroy();
  if (faults.failAfterQueueing.strikes()) throw new Error('queued all the same');
  await ended;
  sendJson(response, body);
}

function validate(body: Record<string, any>, { settings, models, files }: Inside): Validation {
  return validatePrompt(body.prompt, body.partial_execution_targets, { models, files }, isAtLeast(settings.version, '0.38.0'));
}

function numberFor(body: Record<string, any>, { queue }: Inside): number {
  if ('number' in body) return Number.isNaN(Number(body.number)) ? raise('could not convert string to float') : Number(body.number);
  const number = queue.nextNumber++;
  return body.front ? -number : number;
}

/** Null for an id that the newest versions refuse; the oldest ones make their own. */
function idFor(body: Record<string, any>, { settings: { version } }: Inside): string | null {
  if (!('prompt_id' in body) || !isAtLeast(version, '0.3.45')) return randomUUID();
  const promptId = body.prompt_id === null ? 'None' : String(body.prompt_id);
  return isAtLeast(version, '0.38.0') && !uuid.test(promptId) ? null : promptId;
}

function extraDataOf(body: Record<string, any>, { settings: { version } }: Inside): unknown {
  const extraData = 'extra_data' in body ? body.extra_data : {};
  if (extraData === null && isAtLeast(version, '0.38.0')) return raise('argument of type NoneType is not iterable');
  if (!('client_id' in body)) return extraData;
  if (extraData === null || typeof extraData !== 'object' || Array.isArray(extraData)) return raise('does not support item assignment');
  return { ...extraData, client_id: body.client_id };
}

function jobEnd({ log }: Inside, promptId: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (execution: { promptId: string }) => {
      if (execution.promptId !== promptId) return;
      log.off('ended', listen);
      resolve();
    };
    log.on('ended', listen);
  });
}

function refuse(response: Response, error: object, nodeErrors: object = {}): void {
  response.status(400);
  sendJson(response, { error: { extra_info: {}, ...error }, node_errors: nodeErrors });
}

function sendJson(response: Response, body: object): void {
  response.type('application/json').send(toPythonJson(body));
}

function raise(message: string): never {
  throw new TypeError(message);
}
