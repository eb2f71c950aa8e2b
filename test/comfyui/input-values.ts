/** One fault of one input, as it stands in `node_errors`. */
export interface Reason {
  type: string;
  message: string;
  details: string;
  extra_info: Record<string, unknown>;
}

/** An exception that Python would raise; its kind and text get into the reply. */
export class PythonError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

export function reason(type: string, message: string, details: string, extra_info: Record<string, unknown> = {}): Reason {
  return { type, message, details, extra_info };
}

/** Checks a value that is no link against its input's type, choices and range, and converts numbers given as text in place. */
export function judgeValue(
  inputs: Record<string, unknown>,
  name: string,
  [type, options]: [string | string[], Record<string, unknown>?],
): Reason[] {
  const extra = { input_name: name, input_config: [type, options] };
  if (Array.isArray(type)) return judgeChoice(inputs[name], name, type, extra);
  try {
    inputs[name] = converted(inputs[name], type);
  } catch (error) {
    const message = (error as Error).message;
    const told = { ...extra, received_value: inputs[name], exception_message: message };
    const failed = `Failed to convert an input value to a ${type} value`;
    return [reason('invalid_input_type', failed, `${name}, ${String(inputs[name])}, ${message}`, told)];
  }
  return judgeRange(inputs[name], name, [type, options], extra);
}

function judgeChoice(value: unknown, name: string, choices: string[], extra: Record<string, unknown>): Reason[] {
  if (choices.includes(value as string)) return [];
  const tooMany = choices.length > 20;
  const list = tooMany ? `(list of length ${choices.length})` : `[${choices.map((one) => `'${one}'`).join(', ')}]`;
  const told = { ...extra, ...(tooMany && { input_config: null }), received_value: value };
  return [reason('value_not_in_list', 'Value not in list', `${name}: '${String(value)}' not in ${list}`, told)];
}

function judgeRange(value: unknown, name: string, [type, options]: [string, Record<string, unknown>?], extra: object): Reason[] {
  const { min, max } = (options ?? {}) as { min?: number | bigint; max?: number | bigint };
  const told = { ...extra, received_value: value };
  const [number, word] = [value as number | bigint, type === 'FLOAT' ? floatWord : String];
  const compared = (type: string, how: string, limit: number | bigint) => [
    reason(type, `Value ${word(number)} ${how} of ${word(limit)}`, name, told),
  ];
  if (min !== undefined && number < min) return compared('value_smaller_than_min', 'smaller than min', min);
  if (max !== undefined && number > max) return compared('value_bigger_than_max', 'bigger than max', max);
  return [];
}

/** Python shows that a whole number is a float. */
function floatWord(number: number | bigint): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

function converted(value: unknown, type: string): unknown {
  if (type === 'INT') return toInt(value);
  if (type === 'FLOAT') return toFloat(value);
  if (type === 'STRING') return typeof value === 'string' ? value : String(value);
  if (type === 'BOOLEAN') return Boolean(value);
  return value;
}

function toInt(value: unknown): number | bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return Math.trunc(Number(value));
  if (typeof value !== 'string')
    throw new PythonError('TypeError', 'int() argument must be a string, a bytes-like object or a real number');
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw new PythonError('ValueError', `invalid literal for int() with base 10: '${value}'`);
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value.trim());
}

function toFloat(value: unknown): number {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) || value === null) throw new PythonError('ValueError', `could not convert string to float: '${String(value)}'`);
  return number;
}
