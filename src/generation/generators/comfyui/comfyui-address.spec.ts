import { parseAddress } from './comfyui-address.js';

describe('parseAddress', () => {
  it('takes host and path as the name', () => {
    expect(parseAddress('https://gpu.example:8188/comfy/', {})).toEqual({
      name: 'gpu.example:8188/comfy',
      http: 'https://gpu.example:8188/comfy',
      ws: 'wss://gpu.example:8188/comfy',
      headers: {},
    });
  });

  it('takes the fragment as the name', () => {
    expect(parseAddress('http://127.0.0.1:8188#left%20one', {})).toMatchObject({ name: 'left one', http: 'http://127.0.0.1:8188' });
  });

  it('moves credentials into a header, and nowhere else', () => {
    const { headers, ...shown } = parseAddress('http://ana:s%40cret@gpu:1', { 'x-key': 'k' });

    expect(headers).toEqual({ 'x-key': 'k', authorization: `Basic ${Buffer.from('ana:s@cret').toString('base64')}` });
    expect(JSON.stringify(shown)).not.toMatch(/ana|cret/);
  });

  it.each(['gpu:8188', 'ftp://gpu', 'http://gpu/?token=s3cret', 'http://u:s3cret@/'])('refuses %s without repeating it', (text) => {
    expect(() => parseAddress(text, {})).toThrow(/COMFYUI_URLS must be/);
    expect(() => parseAddress(text, {})).not.toThrow(/s3cret/);
  });
});
