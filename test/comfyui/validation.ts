import { type Graph, type GraphNode } from './graph.js';
import { judgeValue, PythonError, type Reason, reason } from './input-values.js';
import { type InputSpec, nodeClasses, type Shelf, shown } from './node-classes.js';

interface Verdict {
  valid: boolean;
  reasons: Reason[];
}

interface NodeErrors {
  [nodeId: string]: { errors: Reason[]; dependent_outputs: string[]; class_type: string };
}

/** `outputs` are the output nodes that will run; none of them means that `error` says why the prompt is refused. */
export interface Validation {
  error: Reason | null;
  outputs: string[];
  nodeErrors: NodeErrors;
}

const deepest = 400;

/** Judges a graph as POST /prompt does, and converts numbers given as text in place. Throws TypeError where ComfyUI answers 500. */
export function validatePrompt(graph: Graph, targets: string[] | undefined, shelf: Shelf, saysMissingNodeType: boolean): Validation {
  if (graph === null || typeof graph !== 'object' || Array.isArray(graph)) throw new TypeError('the prompt is no object');
  const outputs: string[] = [];
  for (const [id, node] of Object.entries(graph)) {
    const error = classError(id, node, saysMissingNodeType);
    if (error) return refusal(error);
    if (nodeClasses[node.class_type].outputNode && (targets?.includes(id) ?? true)) outputs.push(id);
  }
  if (outputs.length === 0) return refusal(reason('prompt_no_outputs', 'Prompt has no outputs', ''));
  return new PromptCheck(graph, shelf).judge(outputs);
}

function classError(id: string, node: GraphNode, saysMissingNodeType: boolean): Reason | null {
  if (node === null || ['number', 'bigint', 'boolean'].includes(typeof node)) throw new TypeError('argument is not iterable');
  const known = node.class_type !== undefined && Object.hasOwn(nodeClasses, node.class_type);
  if (known) return null;
  const message =
    node.class_type === undefined
      ? 'because a node is missing the class_type property.'
      : `because node ${node.class_type} does not exist.`;
  const error = reason('invalid_prompt', `Cannot execute ${message}`, `Node ID '#${id}'`);
  if (!saysMissingNodeType) return error;
  return { ...error, type: 'missing_node_type', extra_info: { node_id: id, class_type: node.class_type ?? null, node_title: null } };
}

class PromptCheck {
  private readonly verdicts = new Map<string, Verdict>();

  constructor(
    private readonly graph: Graph,
    private readonly shelf: Shelf,
  ) {}

  judge(outputs: string[]): Validation {
    const nodeErrors: NodeErrors = {};
    const good = outputs.filter((id) => this.outputIsGood(id, nodeErrors));
    if (good.length > 0) return { error: null, outputs: good, nodeErrors };
    const details = outputs.flatMap((id) => this.verdicts.get(id)!.reasons.map((one) => `${one.message}: ${one.details}`));
    const error = reason('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details.join('\n'));
    return { error, outputs: [], nodeErrors };
  }

  private outputIsGood(id: string, nodeErrors: NodeErrors): boolean {
    const verdict = this.judgeOutput(id);
    if (verdict.valid) return true;
    for (const [nodeId, { valid, reasons }] of this.verdicts) {
      if (valid || reasons.length === 0) continue;
      nodeErrors[nodeId] ??= { errors: reasons, dependent_outputs: [], class_type: this.graph[nodeId].class_type };
      nodeErrors[nodeId].dependent_outputs.push(id);
    }
    return false;
  }

  private judgeOutput(id: string): Verdict {
    try {
      return this.judgeNode(id, 0);
    } catch (error) {
      const extra = { exception_type: (error as PythonError).kind, traceback: traceback('validate_prompt') };
      return this.note(id, [reason('exception_during_validation', 'Exception when validating node', (error as Error).message, extra)]);
    }
  }

  private judgeNode(id: string, depth: number): Verdict {
    const known = this.verdicts.get(id);
    if (known) return known;
    if (depth > deepest) throw new PythonError('RecursionError', 'maximum recursion depth exceeded');
    const { inputs, class_type } = this.graph[id];
    if (inputs === undefined) throw new PythonError('KeyError', "'inputs'");
    const { required, optional } = nodeClasses[class_type];
    const findings = Object.entries({ ...required, ...optional }).map(([name, spec]) =>
      this.judgeInput(id, name, spec, name in required, depth),
    );
    return this.note(
      id,
      findings.flat().filter((one) => one !== 'worse below'),
      !findings.flat().includes('worse below'),
    );
  }

  private note(id: string, reasons: Reason[], restIsGood = true): Verdict {
    const verdict = { valid: reasons.length === 0 && restIsGood, reasons };
    this.verdicts.set(id, verdict);
    return verdict;
  }

  private judgeInput(id: string, name: string, spec: InputSpec, isRequired: boolean, depth: number): (Reason | 'worse below')[] {
    const { inputs, class_type } = this.graph[id];
    if (!Object.hasOwn(inputs, name)) {
      return isRequired ? [reason('required_input_missing', 'Required input is missing', name, { input_name: name })] : [];
    }
    if (Array.isArray(inputs[name])) return this.judgeLink(inputs[name], name, spec, depth);
    if (class_type === 'LoadImage') return this.judgeImageFile(String(inputs[name]), name);
    return judgeValue(inputs, name, shown(spec, this.shelf));
  }

  private judgeLink(link: unknown[], name: string, spec: InputSpec, depth: number): (Reason | 'worse below')[] {
    const extra = { input_name: name, input_config: shown(spec, this.shelf) };
    if (link.length !== 2) {
      const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]';
      return [reason('bad_linked_input', message, name, { ...extra, received_value: link })];
    }
    const [from, slot] = link as [string, number];
    const received = this.typeOf(from, slot);
    if (received !== spec[0]) {
      const details = `${name}, received_type(${received}) mismatch input_type(${String(extra.input_config[0])})`;
      const told = { ...extra, received_type: received, linked_node: link };
      return [reason('return_type_mismatch', 'Return type mismatch between linked nodes', details, told)];
    }
    return this.judgeBelow(from, { ...extra, linked_node: link }, depth);
  }

  private typeOf(from: string, slot: number): string {
    if (!Object.hasOwn(this.graph, from)) throw new PythonError('KeyError', `'${from}'`);
    const type = nodeClasses[this.graph[from].class_type].output[slot];
    if (type === undefined) throw new PythonError('IndexError', 'tuple index out of range');
    return type;
  }

  private judgeBelow(from: string, extra: { linked_node: unknown[] } & Record<string, unknown>, depth: number): 'worse below'[] {
    try {
      return this.judgeNode(from, depth + 1).valid ? [] : ['worse below'];
    } catch (error) {
      const { linked_node, ...rest } = extra;
      const told = {
        ...rest,
        exception_message: (error as Error).message,
        exception_type: (error as PythonError).kind,
        traceback: traceback('validate_inputs'),
        linked_node,
      };
      this.note(from, [
        reason('exception_during_inner_validation', 'Exception when validating inner node', (error as Error).message, told),
      ]);
      return ['worse below'];
    }
  }

  private judgeImageFile(file: string, name: string): Reason[] {
    if (this.shelf.files.read('input', '', file)) return [];
    const details = `${name} - Invalid image file: ${file}`;
    return [reason('custom_validation_failed', 'Custom validation failed for node', details, { input_name: name })];
  }
}

function refusal(error: Reason): Validation {
  return { error, outputs: [], nodeErrors: {} };
}

function traceback(place: string): string[] {
  return [`  File "/srv/comfy/execution.py", line 1010, in ${place}\n    verdict = check(node)\n              ^^^^^^^^^^^\n`];
}
