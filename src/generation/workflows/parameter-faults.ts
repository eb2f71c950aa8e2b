import { isObject } from './graph-faults.js';
import type { Parameter } from './parameters-file.js';
import type { FieldFault } from './workflow-errors.js';

const LONGEST_TEXT = 10_000;

/** What is wrong with the values that a caller gives to a workflow's own parameters, one message for each. */
export function parameterFaults(workflow: string, names: string[], known: Record<string, Parameter>, given: unknown): FieldFault[] {
  if (given === null || given === undefined) return [];
  if (!isObject(given)) return [{ field: 'parameters', message: 'must be an object of parameter name → value' }];
  return Object.entries(given).flatMap(([name, value]) => {
    const field = `parameters.${name}`;
    if (!names.includes(name))
      return [{ field, message: `is not known to the workflow ${workflow}, which has: ${names.join(', ') || 'none'}` }];
    const message = name === 'checkpoint' ? checkpointFault(value) : valueFault(known[name], value);
    return message ? [{ field, message }] : [];
  });
}

function checkpointFault(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 255 ? null : 'must be the name of a checkpoint file';
}

function valueFault(parameter: Parameter, value: unknown): string | null {
  const { type, enum: allowed } = parameter;
  if (allowed && !allowed.includes(value)) return `must be one of ${allowed.join(', ')}`;
  if (type === 'boolean') return typeof value === 'boolean' ? null : 'must be true or false';
  if (type === 'string') return isText(value) ? null : `must be a text of at most ${LONGEST_TEXT} characters`;
  return numberFault(parameter, value);
}

function numberFault({ type, min = -Infinity, max = Infinity }: Parameter, value: unknown): string | null {
  const whole = type === 'integer';
  const fits = typeof value === 'number' && (whole ? Number.isSafeInteger(value) : Math.abs(value) <= Number.MAX_SAFE_INTEGER);
  return fits && value >= min && value <= max ? null : `must be a ${whole ? 'whole ' : ''}number${range(min, max)}`;
}

function range(min: number, max: number): string {
  if (max === Infinity) return min === -Infinity ? '' : ` from ${min}`;
  return min === -Infinity ? ` up to ${max}` : ` from ${min} to ${max}`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_TEXT && !/[\0\p{Cs}]/u.test(value);
}
