import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowDescription } from '../image-generator.js';
import { readWorkflow, type WorkflowFiles } from './read-workflow.js';
import { TXT2IMG, TXT2IMG_PARAMETERS } from './txt2img.js';
import type { AskedValues, BuiltWorkflow, Workflow, WorkflowValues } from './workflow.js';
import { type FieldFault, type FileFault, UnknownWorkflowError, WorkflowFileError } from './workflow-errors.js';

const WORKFLOW_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;
const SIDECAR = '.parameters.json';

/** The workflows that images can be made with. The first is the default. */
export class WorkflowLibrary {
  private constructor(private readonly workflows: Map<string, Workflow>) {}

  /**
   * The built-in `txt2img` and every `<name>.json` in the folder `dir`, each with its `<name>.parameters.json` if it has one; a `txt2img.json`
   * takes the place of the built-in. Throws one `WorkflowFileError` that names every file that cannot work.
   */
  static async load(dir: string | null): Promise<WorkflowLibrary> {
    const faults: FileFault[] = [];
    const texts = dir === null ? new Map<string, string>() : await readFolder(dir, faults);
    const files = new Map<string, WorkflowFiles>([['txt2img', { graph: TXT2IMG, parameters: TXT2IMG_PARAMETERS }]]);
    for (const name of workflowNames(texts, faults)) {
      const [graph, parameters = {}] = [`${name}.json`, name + SIDECAR].map((file) => parse(file, texts, faults));
      if (graph !== undefined) files.set(name, { graph, parameters });
    }
    const workflows = new Map<string, Workflow>();
    for (const [name, pair] of files) {
      const read = readWorkflow(name, pair);
      faults.push(...read.faults);
      if (read.workflow) workflows.set(name, read.workflow);
    }
    if (faults.length > 0) throw new WorkflowFileError(faults);
    return new WorkflowLibrary(workflows);
  }

  list(): WorkflowDescription[] {
    return [...this.workflows.values()].map(({ name, parameterNames }) => ({ name, parameters: parameterNames }));
  }

  has(name: string): boolean {
    return this.workflows.has(name);
  }

  /** What is wrong with these values for this workflow; empty if it can be built with them. Throws `UnknownWorkflowError`. */
  check(name: string, asked: AskedValues): FieldFault[] {
    return this.get(name).check(asked);
  }

  /** The graph to send for one picture. Throws `UnknownWorkflowError`, and `WorkflowInputError` for values that `check` refuses as parameters. */
  build(name: string, values: WorkflowValues): BuiltWorkflow {
    return this.get(name).build(values);
  }

  private get(name: string): Workflow {
    const workflow = this.workflows.get(name);
    if (!workflow) throw new UnknownWorkflowError(name);
    return workflow;
  }
}

/** File name → text of every .json file in the folder, in order of name. */
async function readFolder(dir: string, faults: FileFault[]): Promise<Map<string, string>> {
  const names = await readdir(dir).catch(() => {
    throw new WorkflowFileError([{ file: 'WORKFLOWS_DIR', reason: 'is not a folder that can be read' }]);
  });
  const texts = new Map<string, string>();
  for (const file of names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).toSorted()) {
    const text = await readFile(join(dir, file), 'utf8').catch(() => null);
    if (text === null) faults.push({ file, reason: 'cannot be read' });
    else texts.set(file, text.replace(/^\uFEFF/, ''));
  }
  return texts;
}

function workflowNames(texts: Map<string, string>, faults: FileFault[]): string[] {
  const files = [...texts.keys()];
  for (const file of files.filter((name) => name.endsWith(SIDECAR))) {
    if (!texts.has(file.replace(SIDECAR, '.json')))
      faults.push({ file, reason: `belongs to no workflow: ${file.replace(SIDECAR, '.json')} is not there` });
  }
  const names = files.filter((file) => !file.endsWith(SIDECAR)).map((file) => file.slice(0, -'.json'.length));
  for (const name of names.filter((each) => !WORKFLOW_NAME.test(each))) {
    faults.push({
      file: `${name}.json`,
      reason: 'is no name for a workflow: use letters, digits, blanks, . _ and -, at most 64, a letter or digit first',
    });
  }
  return names.filter((name) => WORKFLOW_NAME.test(name));
}

/** The value in that file; undefined if there is none or it is not JSON. */
function parse(file: string, texts: Map<string, string>, faults: FileFault[]): unknown {
  const text = texts.get(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    faults.push({ file, reason: 'is not JSON' });
    return undefined;
  }
}
