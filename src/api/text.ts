import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';

const DEEPEST = 20;

/** Text of `min`…`max` Unicode code points that PostgreSQL can hold: no NUL, no lone surrogate. */
export function Text(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'text',
    validator: {
      validate: (value: unknown) => isText(value, min, max),
      defaultMessage: () => `must be ${min}…${max} characters, without NUL or lone surrogates`,
    },
  });
}

/** A name of 1…64 characters of any script, without blanks at its ends. */
export function Name(): PropertyDecorator {
  return applyDecorators(
    Text(1, 64),
    ValidateBy({
      name: 'trimmed',
      validator: {
        validate: (value: unknown) => typeof value !== 'string' || value.trim() === value,
        defaultMessage: () => 'must not begin or end with a blank',
      },
    }),
  );
}

/** Whether it could be a `Name`. */
export function isName(value: unknown): value is string {
  return isText(value, 1, 64) && value.trim() === value;
}

/** Whether PostgreSQL can hold it: no NUL, no lone surrogate. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The same for all names and texts of a JSON value, which must not be nested deeper than people do it either: it is walked by recursion. */
export function isStorableJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEEPEST && Object.entries(value).every(([name, part]) => isStorable(name) && isStorableJson(part, depth + 1));
}

function isText(value: unknown, min: number, max: number): value is string {
  if (typeof value !== 'string' || !isStorable(value)) return false;
  const { length } = [...value];
  return length >= min && length <= max;
}
