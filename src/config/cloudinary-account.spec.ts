import { cloudinaryAccount } from './cloudinary-account.js';

describe('cloudinaryAccount', () => {
  const account = { cloudName: 'demo', apiKey: '123', apiSecret: 'aB-c_9', apiOrigin: 'https://api.cloudinary.com' };

  it.each([
    ['cloudinary://123:aB-c_9@demo', {}],
    ['cloudinary://123:aB-c_9@My_Cloud-2', { cloudName: 'My_Cloud-2' }],
    ['cloudinary://123:a%2Fb%25@demo', { apiSecret: 'a/b%' }],
    ['cloudinary://123:50%!@demo', { apiSecret: '50%!' }],
    ['cloudinary://123:aB-c_9@demo/?upload_prefix=https://api-eu.cloudinary.com', { apiOrigin: 'https://api-eu.cloudinary.com' }],
    ['cloudinary://123:aB-c_9@demo?upload_prefix=http://127.0.0.1:99/gateway/', { apiOrigin: 'http://127.0.0.1:99/gateway' }],
  ])('reads %s', (text, expected) => {
    expect(cloudinaryAccount(text)).toEqual({ ...account, ...expected });
  });

  it.each([
    [''],
    ['demo'],
    ['https://123:aB-c_9@demo'],
    ['cloudinary://demo'],
    ['cloudinary://123@demo'],
    ['cloudinary://:secret@demo'],
    ['cloudinary://123:aB-c_9@'],
    ['cloudinary://123:a/b@demo'],
    ['cloudinary://123:a?b@demo'],
    ['cloudinary://123:a#b@demo'],
    ['cloudinary://123:aB-c_9@demo:443'],
    ['cloudinary://123:aB-c_9@demo#a'],
    ['cloudinary://123:aB-c_9@demo/private'],
    ['cloudinary://123:aB-c_9@demo?folder=x'],
    ['cloudinary://123:aB-c_9@demo?upload_prefix='],
    ['cloudinary://123:aB-c_9@demo?upload_prefix=ftp://x'],
    ['cloudinary://123:aB-c_9@demo?upload_prefix=https://x/?a=b'],
    ['cloudinary://123:aB-c_9@demo?upload_prefix=https://user:hush@x'],
  ])('takes %j for no account', (text) => {
    expect(cloudinaryAccount(text)).toBeUndefined();
  });
});
