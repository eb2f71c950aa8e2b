import { plainToInstance } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  type ValidationError,
  validateSync,
} from 'class-validator';
import { type ApiGraph, type ApiNode, type InputRef, isLink, nameOf } from './api-graph.js';
import { STANDARD_NAMES, type StandardInputs, type StandardName } from './find-standard-inputs.js';
import { isObject } from './graph-faults.js';

export const PARAMETER_TYPES = ['string', 'number', 'integer', 'boolean'] as const;

/** Where a standard value goes, where following the links cannot tell. A name may have a list of these; with none it stays as the file has it. */
class StandardEntry {
  /** Id, title or class of a node. */
  @IsString()
  @IsNotEmpty()
  node: string;

  @IsString()
  @IsNotEmpty()
  input: string;
}

/** One value that `parameters` may set. */
export class Parameter {
  /** Id, title or class of a node; once read, its id. */
  @IsString()
  @IsNotEmpty()
  node: string;

  @IsString()
  @IsNotEmpty()
  input: string;

  @IsIn(PARAMETER_TYPES)
  type: (typeof PARAMETER_TYPES)[number];

  @IsOptional()
  @IsNumber()
  min?: number;

  @IsOptional()
  @IsNumber()
  max?: number;

  /** The only values allowed. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  enum?: unknown[];
}

export interface ParametersFile {
  standard: Partial<StandardInputs>;
  parameters: Record<string, Parameter>;
  faults: string[];
}

/** Reads what a parameters file says about `graph`: name → where its value goes. Collects every fault. */
export function readParameters(value: unknown, graph: ApiGraph): ParametersFile {
  const file: ParametersFile = { standard: {}, parameters: {}, faults: [] };
  if (!isObject(value)) return { ...file, faults: ['must be an object of parameter name → { node, input, type }'] };
  for (const [name, entry] of Object.entries(value)) {
    const faults = isStandard(name) ? readStandard(file, name, entry, graph) : readParameter(file, name, entry, graph);
    file.faults.push(...faults.map((fault) => `${name}: ${fault}`));
  }
  return file;
}

function isStandard(name: string): name is StandardName {
  return STANDARD_NAMES.some((standard) => standard === name);
}

function readStandard(file: ParametersFile, name: StandardName, value: unknown, graph: ApiGraph): string[] {
  const entries = Array.isArray(value) ? value : [value];
  const read = entries.map((entry) => readEntry(StandardEntry, entry, graph));
  const faults = read.flatMap((each) => each.faults);
  if (faults.length === 0) file.standard[name] = read.flatMap(({ entry }) => entry ?? []);
  return faults;
}

function readParameter(file: ParametersFile, name: string, value: unknown, graph: ApiGraph): string[] {
  if (!/^[A-Za-z]\w{0,63}$/.test(name)) return ['a name begins with a letter and goes on with letters, digits and _, 64 in all'];
  const { entry, faults } = readEntry(Parameter, value, graph);
  if (!entry) return faults;
  file.parameters[name] = entry;
  return valueFaults(entry, graph[entry.node].inputs[entry.input]);
}

function readEntry<T extends InputRef>(type: new () => T, value: unknown, graph: ApiGraph): { entry: T | null; faults: string[] } {
  if (!isObject(value)) return { entry: null, faults: ['must be an object with node and input'] };
  const entry = plainToInstance(type, value);
  const faults = validateSync(entry, { whitelist: true, forbidNonWhitelisted: true }).flatMap(messages);
  if (faults.length > 0) return { entry: null, faults };
  const found = findNode(graph, entry.node);
  if (found.length !== 1) return { entry: null, faults: [nodeFault(graph, entry.node, found)] };
  const inputs = Object.keys(graph[found[0]].inputs);
  if (!inputs.includes(entry.input)) {
    return {
      entry: null,
      faults: [`${nameOf(graph, found[0])} has no input ${entry.input} in this file; it has ${inputs.join(', ') || 'none'}`],
    };
  }
  return { entry: Object.assign(entry, { node: found[0] }), faults: [] };
}

function messages({ property, constraints = {} }: ValidationError): string[] {
  return 'whitelistValidation' in constraints ? [`${property} is not known here`] : Object.values(constraints);
}

/** An id names its node before a title does, and a title before a class. */
function findNode(graph: ApiGraph, name: string): string[] {
  if (Object.hasOwn(graph, name)) return [name];
  const ids = Object.keys(graph);
  const titled = ids.filter((id) => titleOf(graph[id]) === name);
  return titled.length > 0 ? titled : ids.filter((id) => graph[id].class_type === name);
}

function titleOf({ _meta: meta }: ApiNode): string | undefined {
  return meta?.title;
}

function nodeFault(graph: ApiGraph, name: string, found: string[]): string {
  if (found.length === 0) return `no node has the id, title or class ${name}`;
  return `${found.length} nodes are called ${name}; write the id: ${found.map((id) => nameOf(graph, id)).join(', ')}`;
}

function valueFaults({ type, min, max, enum: allowed, input }: Parameter, inFile: unknown): string[] {
  const kind = type === 'integer' ? 'number' : type;
  const faults: string[] = [];
  if (!isLink(inFile) && typeof inFile !== kind) {
    faults.push(`type ${type} does not fit the input ${input}, which holds a ${typeof inFile}`);
  }
  if (allowed?.some((value) => typeof value !== kind)) faults.push(`every value of enum must be a ${type}`);
  return faults.concat(rangeFaults(kind, min, max));
}

function rangeFaults(kind: string, min?: number, max?: number): string[] {
  if (kind !== 'number' && (min ?? max) !== undefined) return [`min and max are for numbers, not for a ${kind}`];
  return min !== undefined && max !== undefined && min > max ? ['min is greater than max'] : [];
}
