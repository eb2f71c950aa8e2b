import { ArgumentMetadata, Injectable, ValidationError, ValidationPipe } from '@nestjs/common';
import { BadInputError } from '../api/errors.js';
import { isStorableJson } from '../api/text.js';

/** A malformed id is an unknown one, and no fault. */
const IDS = ['id', 'batchId'];

/** Checks every argument and names each field that it refuses: first whether it can be stored at all, then what its class says. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({ stopAtFirstError: true, exceptionFactory: refused });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'custom') refuseUnstorable(typeof value === 'object' ? value : { [metadata.data ?? 'value']: value });
    return super.transform(value, metadata);
  }
}

function refused(errors: ValidationError[]): BadInputError {
  return new BadInputError(errors.map(({ property, constraints }) => ({ field: property, message: Object.values(constraints ?? {})[0] })));
}

function refuseUnstorable(fields: object | null): void {
  const unstorable = Object.entries(fields ?? {}).filter(([field, value]) => !IDS.includes(field) && !isStorableJson(value));
  if (unstorable.length === 0) return;
  const message = 'must not hold NUL or lone surrogates, nor be nested deeply';
  throw new BadInputError(unstorable.map(([field]) => ({ field, message })));
}
