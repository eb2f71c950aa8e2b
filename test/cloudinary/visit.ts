import type { Request, Response } from 'express';
import type { FaultName } from './faults.js';
import type { Form } from './form.js';
import type { UploadRecord } from './service-log.js';

/** One request on its way through the service. */
export interface Visit {
  request: Request;
  response: Response;
  /** From behind the name of the cloud, as it was sent, without query. */
  path: string;
  query: URLSearchParams;
  fault: FaultName | null;
  form: Form;
  /** Null for everything but uploads. */
  upload: UploadRecord | null;
  /** Whether it came when as many uploads as may be were open. */
  isTooMany: boolean;
}

/** What a route does with a request: resolves to the body of a 200, or throws an ApiError. */
export type Work = (visit: Visit) => Promise<object> | object;
