import { setTimeout } from 'node:timers/promises';
import { ApiError } from './api-error.js';
import { uploadAnswer } from './asset-answer.js';
import type { Form } from './form.js';
import type { Inside } from './inside.js';
import { pictureContent, transformed } from './picture-content.js';
import { publicIdFor } from './public-id.js';
import type { Asset, Content } from './shelf.js';
import { checkSignature } from './signature.js';
import type { Visit } from './visit.js';

const upgrade = 'Upgrade your plan to enjoy higher limits https://www.cloudinary.com/pricing/upgrades/file-limit';
/** Between looking and storing where that is not atomic, in milliseconds. */
const gapMs = 20;

/** POST /:resource_type/upload. */
export async function postUpload(inside: Inside, visit: Visit, asked: string): Promise<object> {
  const { settings, store, log } = inside;
  const { params } = visit.form;
  if (visit.isTooMany) throw new ApiError(420, 'Too many concurrent uploads');
  checkSignature(params, inside.account, inside.now());
  const { bytes, filename } = sentFile(visit.form, settings.maxImageBytes);
  const publicId = (visit.upload!.id = publicIdFor(params, filename));
  const resourceType = asked === 'auto' ? await guessedType(bytes) : asked;
  const shelf = store.shelf(resourceType, params.type ?? 'upload');
  const isCreateOnly = params.overwrite === '0' || params.overwrite === 'false';
  const found = (asset: Asset): object => {
    log.outcome(visit.upload!, 'existing');
    return { ...uploadAnswer(inside, asset), existing: true };
  };

  const existing = shelf.assets.get(publicId);
  if (isCreateOnly && existing) return found(existing);
  const content = resourceType === 'raw' ? rawContent(bytes, filename) : await imageContent(inside, params, bytes, filename);
  if (!settings.atomic) await setTimeout(gapMs, undefined, { signal: inside.life });
  const meanwhile = shelf.assets.get(publicId);
  if (isCreateOnly && settings.atomic && meanwhile) return found(meanwhile);
  const { asset, outcome } = store.upload(shelf, publicId, content);
  log.outcome(visit.upload!, outcome);
  return { ...uploadAnswer(inside, asset), ...(isCreateOnly && { existing: false }), ...(outcome !== 'stored' && { overwritten: true }) };
}

/** POST /:resource_type/explicit with nothing to change: tells what is there. */
export function postExplicit(inside: Inside, { form: { params } }: Visit, resourceType: string): object {
  checkSignature(params, inside.account, inside.now());
  for (const name of ['public_id', 'type']) if (!params[name]) throw new ApiError(400, `Missing required parameter - ${name}`);
  const asset = inside.store.shelf(resourceType, params.type).assets.get(params.public_id);
  if (!asset) throw new ApiError(404, `Resource not found - ${params.public_id}`);
  return uploadAnswer(inside, asset);
}

function sentFile({ file, params }: Form, maxBytes: number): { bytes: Buffer; filename: string } {
  const sent = file ?? fileInField(params.file);
  if (sent.bytes.length === 0) throw new ApiError(400, 'Empty file');
  if (sent.bytes.length <= maxBytes) return sent;
  throw new ApiError(400, `File size too large. Got ${sent.bytes.length}. Maximum is ${maxBytes}. ${upgrade}`);
}

function fileInField(text: string | undefined): { bytes: Buffer; filename: string } {
  if (!text) throw new ApiError(400, 'Missing required parameter - file');
  const dataUri = /^data:[^,]*;base64,(.*)$/s.exec(text);
  if (!dataUri) throw new ApiError(400, `Unsupported source URL: ${text}`);
  return { bytes: Buffer.from(dataUri[1], 'base64'), filename: 'file' };
}

async function guessedType(bytes: Buffer): Promise<string> {
  return pictureContent(bytes, '').then(
    () => 'image',
    () => 'raw',
  );
}

async function imageContent(inside: Inside, params: Record<string, string>, bytes: Buffer, filename: string): Promise<Content> {
  const content = await pictureContent(bytes, stem(filename));
  const isChanged = params.transformation || params.format || params.upload_preset || inside.settings.defaultPreset;
  return isChanged ? pictureContent(await transformed(bytes, params.format), stem(filename)) : content;
}

function rawContent(bytes: Buffer, filename: string): Content {
  return { bytes, format: null, width: 0, height: 0, pages: 0, originalFilename: stem(filename) };
}

function stem(filename: string): string {
  return filename.replace(/\.[^.]*$/, '');
}
