import { ValidationError, ValidationPipe } from '@nestjs/common';
import { BadInputError } from '../api/errors.js';

/** Checks every argument class and names each field that it refuses. */
export const inputPipe = new ValidationPipe({
  stopAtFirstError: true,
  exceptionFactory: (errors: ValidationError[]) =>
    new BadInputError(errors.map(({ property, constraints }) => ({ field: property, message: Object.values(constraints ?? {})[0] }))),
});
