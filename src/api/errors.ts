import { GraphQLError } from 'graphql';

export interface FieldFault {
  field: string;
  message: string;
}

/** A value was refused; `fields` says which and what it should be. Nothing was changed. */
export class BadInputError extends GraphQLError {
  constructor(fields: FieldFault[]) {
    super(fields.map(({ field, message }) => `${field}: ${message}`).join('; '), { extensions: { code: 'BAD_USER_INPUT', fields } });
  }
}

export class NotFoundError extends GraphQLError {
  constructor(what: string) {
    super(`${what} not found.`, { extensions: { code: 'NOT_FOUND' } });
  }
}

export class UnauthenticatedError extends GraphQLError {
  constructor() {
    super('Send a valid token as "Authorization: Bearer …" (in a websocket: in connectionParams).', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  }
}

export class ForbiddenError extends GraphQLError {
  constructor(message: string) {
    super(message, { extensions: { code: 'FORBIDDEN' } });
  }
}

/** The database or another needed part is away; the same request can be sent again. */
export class ServiceUnavailableError extends GraphQLError {
  constructor(message = 'A needed part of the service is away just now. Try again in a moment.') {
    super(message, { extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } } });
  }
}
