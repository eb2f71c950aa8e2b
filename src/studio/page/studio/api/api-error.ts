export interface FieldFault {
  field: string;
  message: string;
}

interface SentError {
  message: string;
  extensions?: { code?: string; fields?: FieldFault[] };
}

/** The service has refused an operation, or could not be reached (`code` UNREACHABLE). */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly fields: FieldFault[] = [],
  ) {
    super(message);
  }

  /** The first of the errors that GraphQL has answered with. */
  static from([first]: readonly SentError[]): ApiError {
    return new ApiError(first.message, first.extensions?.code ?? 'INTERNAL_SERVER_ERROR', first.extensions?.fields);
  }

  /** Whether the same request may succeed a moment later. */
  get isPassing(): boolean {
    return ['UNREACHABLE', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED'].includes(this.code);
  }
}

/** What a person is to do about an error, in one sentence or two. */
export function advice(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong on this page. Reload it.';
  if (error.code === 'UNAUTHENTICATED') return 'Sign in to go on.';
  const more = ADVICE[error.code];
  return more ? `${error.message} ${more}` : error.message;
}

const ADVICE: Record<string, string> = {
  UNREACHABLE: 'Try again when it is back: nothing is made twice.',
  FORBIDDEN: 'Sign in as somebody who may.',
  WORKFLOW_NOT_FOUND: 'Choose another workflow.',
  INTERNAL_SERVER_ERROR: 'Try again; if it stays, look into the service’s log.',
  QUOTA_EXCEEDED: 'Wait until some of what is running has ended.',
  NOT_FOUND: 'It may have been deleted, or belong to somebody else.',
};
