import { StorageBusyError, StorageRejectedError } from '../../asset-storage.js';
import { CloudinaryAccessError, CloudinaryFault, faultOf } from './cloudinary-fault.js';

const plain = (http_code: number, message: string) => ({ message, name: 'Error', http_code });
const page = (http_code: number) =>
  plain(http_code, `Server return invalid JSON response. Status Code ${http_code}. SyntaxError: Unexpected token '<'`);
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
const requestOptions = { auth: '123:the-secret', hostname: 'api.cloudinary.com', path: '/v1_1/demo/resources' };

describe('faultOf tells what a rejection of the SDK means:', () => {
  it.each<[string, unknown, new (...args: never[]) => Error, string]>([
    ['420', plain(420, 'Rate Limit Exceeded. Limit of 500 api operations reached.'), StorageBusyError, 'asks to slow down'],
    ['429', plain(429, 'Too many requests'), StorageBusyError, 'asks to slow down'],
    ['500', plain(500, 'General Error'), CloudinaryFault, 'answered 500'],
    ['502', { message: 'Server returned unexpected status code - 502', http_code: 502 }, CloudinaryFault, 'answered 502'],
    ['409', { message: 'Server returned unexpected status code - 409', http_code: 409 }, CloudinaryFault, 'answered 409'],
    ['a wrong secret', plain(401, "Invalid Signature 39a0. String to sign - 'public_id=x'."), CloudinaryAccessError, 'API secret is wrong'],
    ['a wrong key', plain(401, 'Unknown API key 123'), CloudinaryAccessError, 'does not know the API key'],
    ['a wrong cloud', plain(401, 'Invalid cloud_name demo'), CloudinaryAccessError, 'does not know the cloud'],
    ['a missing right', { message: 'Server returned unexpected status code - 403', http_code: 403 }, CloudinaryAccessError, 'has no right'],
    ['a wrong clock', plain(400, 'Stale request - reported time is 2015-06-20'), CloudinaryFault, 'is the clock of this machine right'],
    ['no picture', plain(400, 'Invalid image file'), StorageRejectedError, 'refuses the request: Invalid image file'],
    [
      'too large',
      plain(400, 'File size too large. Got 2. Maximum is 1. Upgrade https://x/y'),
      StorageRejectedError,
      'Maximum is 1. Upgrade',
    ],
    ['413', { message: 'Server returned unexpected status code - 413', http_code: 413 }, StorageRejectedError, 'it is too large'],
    ['JSON that was cut', page(200), CloudinaryFault, 'cut short or is no JSON'],
    ['a 400 of a proxy', page(400), CloudinaryFault, 'a 400, was cut short or is no JSON'],
    ['a 401 of a proxy', page(401), CloudinaryFault, 'a 401, was cut short or is no JSON'],
    ['a 404 of a proxy', page(404), CloudinaryFault, 'no JSON. Is the upload_prefix of CLOUDINARY_URL right?'],
    ['a 404', plain(404, 'Not found'), CloudinaryFault, 'Is the upload_prefix of CLOUDINARY_URL right?'],
    ['423', { message: 'Server returned unexpected status code - 423', http_code: 423 }, CloudinaryFault, 'answered 423'],
    ['a reset, wrapped', { error: reset }, CloudinaryFault, 'cannot be reached: ECONNRESET'],
    ['a reset, bare', reset, CloudinaryFault, 'cannot be reached: ECONNRESET'],
    [
      'silence',
      { error: { message: 'Request Timeout', http_code: 499, name: 'TimeoutError' } },
      CloudinaryFault,
      'cannot be reached: no answer',
    ],
    [
      'the Admin API’s 401',
      { request_options: requestOptions, query_params: '', error: { message: 'api_secret mismatch', http_code: 401 } },
      CloudinaryAccessError,
      'API secret is wrong',
    ],
    [
      'the Admin API’s 502',
      { message: 'Server returned unexpected status code - 502', http_code: 502, request_options: requestOptions },
      CloudinaryFault,
      'answered 502',
    ],
  ])('%s', (_, thrown, type, words) => {
    const fault = faultOf(thrown);

    expect(fault).toBeInstanceOf(type);
    expect(fault.message).toContain(words);
    expect(JSON.stringify({ ...fault, message: fault.message, stack: fault.stack })).not.toMatch(/the-secret|39a0|https:|Unexpected token/);
  });

  it('and does not take the 404 of a proxy for an asset that is not there', () => {
    expect(faultOf(page(404))).not.toHaveProperty('status', 404);
    expect(faultOf(plain(404, 'Resource not found - a'))).toHaveProperty('status', 404);
  });

  it('and until when a rate limit lasts, when Cloudinary says so', () => {
    const limit = plain(420, 'Rate Limit Exceeded. Limit of 500 api operations reached. Try again on 2026-10-04 14:00:00 UTC');

    expect(faultOf(limit)).toMatchObject({ retryAt: new Date('2026-10-04T14:00:00Z') });
    expect(faultOf(plain(429, 'Too many requests'))).toMatchObject({ retryAt: null });
  });
});
