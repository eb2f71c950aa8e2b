import type { ApiGraph } from '../../workflows/api-graph.js';
import type { ComfyuiApi } from './comfyui-api.js';
import { plainReason } from './plain-reason.js';
import { fields } from './tolerant-json.js';

/** Something that the graph names and the server does not have: a node class, or the value of one of its inputs (a checkpoint, say). */
export interface MissingThing {
  classType: string;
  input?: string;
  value?: unknown;
}

interface NodeError {
  classType: string;
  type: string;
  message: string;
  details: string;
  extra: Record<string, unknown>;
}

/** Why POST /prompt refused, in ComfyUI's words. The summary alone often says nothing: the reasons are in `node_errors`. */
export function refusalReason(body: Record<string, unknown>): string {
  const error = fields(body.error);
  const faults = nodeErrors(body).map((fault) => `${fault.classType}: ${describe(fault.message, fault.details)}`);
  const summary = describe(String(error.message ?? 'no reason was given'), String(error.details ?? ''));
  return plainReason(faults.length > 0 ? [...new Set(faults)].join('; ') : summary);
}

/** What the server lacks, if that is all that is wrong with the prompt; an empty list otherwise. */
export function missingThings(body: Record<string, unknown>, graph: ApiGraph): MissingThing[] {
  const error = fields(body.error);
  if (error.type === 'invalid_prompt' || error.type === 'missing_node_type') {
    const extra = fields(error.extra_info);
    const node = String(extra.node_id ?? /#([^']+)'/.exec(String(error.details))?.[1]);
    const classType = String(extra.class_type ?? graph[node]?.class_type ?? '');
    return classType ? [{ classType }] : [];
  }
  const faults = nodeErrors(body);
  if (!faults.every((fault) => fault.type === 'value_not_in_list')) return [];
  return faults.map(({ classType, extra }) => ({ classType, input: String(extra.input_name), value: extra.received_value }));
}

/** Whether the graph has a node of this class, with this value where one is named. */
export function needs(graph: ApiGraph, { classType, input, value }: MissingThing): boolean {
  return Object.values(graph).some((node) => node.class_type === classType && (input === undefined || node.inputs[input] === value));
}

/** Whether the server has all of it, as its own description of the node classes says. */
export async function hasAll(api: ComfyuiApi, things: MissingThing[], signal: AbortSignal): Promise<boolean> {
  for (const { classType, input, value } of things) {
    const described = await api.nodeClass(classType, signal);
    if (Object.keys(described).length === 0) return false;
    if (input !== undefined && !choices(described, input).includes(value)) return false;
  }
  return true;
}

function nodeErrors(body: Record<string, unknown>): NodeError[] {
  return Object.values(fields(body.node_errors)).flatMap((node) => {
    const { errors, class_type } = fields(node);
    return (Array.isArray(errors) ? errors.map(fields) : []).map((error) => ({
      classType: String(class_type),
      type: String(error.type),
      message: String(error.message ?? ''),
      details: String(error.details ?? ''),
      extra: fields(error.extra_info),
    }));
  });
}

function describe(message: string, details: string): string {
  const first = (text: string): string => text.split('\n')[0]?.trim() ?? '';
  return first(details) && first(details) !== first(message) ? `${first(message)} (${first(details)})` : first(message);
}

/** A list input is `[[choices], {…}]`, or `["COMBO", {options: [choices]}]` in newer nodes. */
function choices(described: Record<string, unknown>, input: string): unknown[] {
  const inputs = fields(described.input);
  const spec = fields(fields(inputs.required)[input] ?? fields(inputs.optional)[input]);
  const listed = Array.isArray(spec[0]) ? spec[0] : fields(spec[1]).options;
  return Array.isArray(listed) ? listed : [];
}
