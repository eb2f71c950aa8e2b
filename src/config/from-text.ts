import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, Max, Min, ValidateBy } from 'class-validator';
import ms from 'ms';

/** Reads a setting from its text; defaults pass through as they are. */
export function FromText(read: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value }) => (typeof value === 'string' ? read(value) : value));
}

/** A whole number from `min` to `max`. */
export function WholeNumber(min: number, max: number): PropertyDecorator {
  const fault = { message: `$property must be a whole number from ${min} to ${max}` };
  return applyDecorators(
    FromText((text) => (/^\d+$/.test(text) ? Number(text) : NaN)),
    IsInt(fault),
    Min(min, fault),
    Max(max, fault),
  );
}

/** A duration such as `500ms`, `90s`, `5m` or `1h`; held in milliseconds, at most a day. */
export function Duration(): PropertyDecorator {
  const fault = { message: '$property must be a duration of at most 24h, such as 500ms, 90s, 5m or 1h' };
  return applyDecorators(
    FromText((text) => (/^\d+(ms|s|m|h)$/.test(text) ? ms(text as ms.StringValue) : NaN)),
    IsInt(fault),
    Max(86_400_000, fault),
  );
}

/** Yes or no, written `true` or `false`. */
export function Flag(): PropertyDecorator {
  return applyDecorators(
    FromText((text) => ({ true: true, false: false })[text]),
    IsBoolean({ message: '$property must be true or false' }),
  );
}

/** HTTP headers as a JSON object: names and texts that HTTP can carry. */
export function HttpHeaders(): PropertyDecorator {
  const defaultMessage = () => '$property must be a JSON object of HTTP headers, such as {"X-Api-Key":"secret"}';
  return applyDecorators(FromText(json), ValidateBy({ name: 'httpHeaders', validator: { validate: isHeaders, defaultMessage } }));
}

/** The words of a list separated by commas, without blanks around them. */
export function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

/** The value of a JSON text, or null when it is none: for the validators to refuse. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const isSendable = ([name, text]: [string, unknown]) => {
    try {
      return typeof text === 'string' && new Headers({ [name]: text }).has(name);
    } catch {
      return false;
    }
  };
  return Object.entries(value).every(isSendable);
}
