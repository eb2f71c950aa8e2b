import ms from 'ms';

/** The service did not answer this time, or says itself that it cannot just now: the same may be tried again. */
export class ServiceAwayError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ServiceAwayError';
  }
}

/** It was tried again for long enough. */
export class UnreachableError extends Error {
  constructor(url: string, patience: number, reason: string) {
    const time = patience > 0 ? ` within ${ms(patience, { long: true })}` : '';
    super(`The service at ${url} could not be reached${time} (${reason}).`);
    this.name = 'UnreachableError';
  }
}

/** What was asked for is wrong or not allowed, and would be refused again. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedError';
  }
}

interface GraphqlFault {
  message: string;
  extensions?: { code?: string; fields?: { field: string; message: string }[] };
}

const TOKEN = 'The service wants a valid token: set FILMROLL_TOKEN, or pass --token.';

/** The errors of a GraphQL answer as one error: ServiceAwayError where the service is short of something, else RefusedError that names each field. */
export function faultOf(errors: readonly GraphqlFault[]): Error {
  const [first] = errors;
  const { code, fields } = first.extensions ?? {};
  if (code === 'SERVICE_UNAVAILABLE') return new ServiceAwayError(first.message);
  if (code === 'UNAUTHENTICATED') return new RefusedError(TOKEN);
  if (fields) return new RefusedError(fields.map(({ field, message }) => `${optionOf(field)} ${message}`).join('; '));
  return new RefusedError(errors.map(({ message }) => message).join(' '));
}

/** A websocket that was sent away for good. */
export function tokenRefused(): RefusedError {
  return new RefusedError(TOKEN);
}

function optionOf(field: string): string {
  return field === 'prompt' ? field : `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
