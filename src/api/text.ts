import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';

/** Text of `min`…`max` Unicode code points that PostgreSQL can hold: no NUL, no lone surrogate. */
export function Text(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'text',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isStorable(value) && within([...value].length, min, max),
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

/** Whether PostgreSQL can hold it: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
