import { posix } from 'node:path';
import type { Graph } from './graph.js';
import type { NodeResult } from './node-cache.js';
import { type Drawing, NodeError, type NodeRun } from './node-run.js';
import type { FolderType } from './output-files.js';
import { withTextChunks } from './png-text.js';
import { toPythonJson } from './python-json.js';

/** SaveImage and PreviewImage: numbered files with the graph and `extra_pnginfo` in text chunks. */
export async function saveImages(run: NodeRun, type: FolderType, prefix: string): Promise<NodeResult> {
  const texts = textsFor(run);
  const pictures = await Promise.all((run.inputs.images as Drawing[]).map((draw) => draw()));
  const { subfolder, name } = placeFor(prefix, pictures);
  const first = run.inside.files.nextNumber(type, subfolder, name);
  const images = pictures.map((picture, i) => {
    const filename = `${name.replaceAll('%batch_num%', String(i))}_${String(first + i).padStart(5, '0')}_.png`;
    run.inside.files.write(type, subfolder, filename, withTextChunks(picture, texts));
    return { filename, subfolder, type };
  });
  return { outputs: [], ui: { images } };
}

/** SaveImageWebsocket: each picture is one binary frame and nothing is kept. */
export async function sendImages({ id, inputs, messages }: NodeRun): Promise<NodeResult> {
  const drawings: Drawing[] = inputs.images;
  for (const [i, draw] of drawings.entries()) messages.progress(id, i, drawings.length, await draw(), 'png');
  return { outputs: [] };
}

function textsFor({ extraData, graph, inside }: NodeRun): Record<string, string> {
  if (Array.isArray(extraData)) throw new NodeError('AttributeError', "'list' object has no attribute 'get'");
  const { extra_pnginfo: info } = extraData as { extra_pnginfo?: unknown };
  if (typeof info === 'string') throw new NodeError('TypeError', "string indices must be integers, not 'str'");
  const isChanged = inside.faults.notANumber.strikes() ? Number.NaN : undefined;
  const extra = Object.entries(info ?? {}).map(([key, value]) => [key, toPythonJson(value)]);
  return { prompt: toPythonJson(withIsChanged(graph, isChanged)), ...Object.fromEntries(extra) };
}

/** Nodes that say themselves whether they changed get their answer into the file, which may be NaN. */
function withIsChanged(graph: Graph, isChanged: number | undefined): object {
  if (isChanged === undefined) return graph;
  return Object.fromEntries(Object.entries(graph).map(([id, node]) => [id, { ...node, is_changed: isChanged }]));
}

function placeFor(prefix: string, [first]: Buffer[]): { subfolder: string; name: string } {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  const values: Record<string, string> = {
    width: String(first.readUInt32BE(16)),
    height: String(first.readUInt32BE(20)),
    year: String(now.getFullYear()),
    month: two(now.getMonth() + 1),
    day: two(now.getDate()),
    hour: two(now.getHours()),
    minute: two(now.getMinutes()),
    second: two(now.getSeconds()),
  };
  const path = posix.normalize(prefix.replace(/%(\w+)%/g, (whole, name) => values[name] ?? whole));
  if (path.startsWith('..') || path.startsWith('/')) {
    const told = 'Saving image outside the output folder is not allowed.';
    throw new NodeError('Exception', `**** ERROR: ${told}\n output_dir: /srv/comfy/base/output`);
  }
  const folder = posix.dirname(path);
  return { subfolder: folder === '.' ? '' : folder, name: posix.basename(path) };
}
