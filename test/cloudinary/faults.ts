import { seededRandom, Switch } from '../service/switches.js';

/** The bad moments of the service, each by when it strikes. A request is struck by one of them at most: the first of this list that wants it. */
export const faultNames = [
  // Nothing is done:
  'resetBeforeBody', // the connection is reset before the body is read
  'resetInBody', // … after the first bytes of the body
  'hang', // the request is read, and there is no answer ever
  'rateLimited', // 420 with the moment when the limit is lifted
  'tooManyRequests', // 429 with Retry-After
  'conflicts', // 409
  'processing', // 423, the asset is busy
  'serverErrors', // 500 in JSON
  'serverErrorPages', // 500, an HTML page
  'badGateways', // 502, an HTML page
  'unavailable', // 503, an HTML page
  'gatewayTimeouts', // 504, an HTML page

  // Done, but much later, whoever still waits for it:
  'lateStore', // `lateMs` pass first, then it is done and answered

  // Done, but the answer is lost or spoilt:
  'resetAfterStore', // the connection is reset instead of an answer
  'storeThen503', // 503, an HTML page
  'storeThenHang', // no answer ever
  'lateAnswer', // done at once, answered `lateMs` later
  'truncatedJson', // the first part of the JSON, with a length to match
  'emptyAnswer', // 200 and nothing
  'htmlAnswer', // 200 and a page
  'emptyObject', // 200 and {}
  'cutAnswer', // the headers and half of the body, and the connection is closed
  'trickle', // a byte every `trickleMs`
  'wrongAsset', // well-formed, but somebody else's asset; only where one asset is answered
  'closeIdle', // all well, but the next request on this connection finds it closed
] as const;

export type FaultName = (typeof faultNames)[number];

/**
 * A switch for each: `fake.faults.badGateways.next(2)`, `.withProbability(0.1)`, `.always()`, `.never()`, and on some routes only with
 * `.on('POST /image/upload', '/resources')`, where a path begins behind the name of the cloud. The same seed makes the same choices.
 */
export type Faults = Record<FaultName, Switch>;

const oneAsset = ['POST /image/upload', 'POST /image/explicit', 'GET /resources/image/upload/'];

export function newFaults(seed: number): Faults {
  const made = faultNames.map((name, k) => [name, new Switch(seededRandom(seed * 1000 + k))] as const);
  const faults = Object.fromEntries(made) as Faults;
  faults.wrongAsset.on(...oneAsset);
  return faults;
}

/** The fault that strikes this request, or null. `path` begins behind the name of the cloud. */
export function strike(faults: Faults, method: string, path: string): FaultName | null {
  return faultNames.find((name) => faults[name].strikes(method, path)) ?? null;
}
