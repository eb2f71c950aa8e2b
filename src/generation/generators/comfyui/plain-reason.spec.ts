import { plainReason } from './plain-reason.js';

describe('plainReason', () => {
  it.each([
    ['boom\n', 'boom'],
    ['\n \nsecond line first\nthird', 'second line first'],
    [
      '**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: /srv/comfy',
      'Saving image outside the output folder is not allowed.',
    ],
    ["[Errno 2] No such file or directory: '/srv/comfy/base/in put/vanish.png'", '[Errno 2] No such file or directory: …'],
    ['cannot open /home/ana/models/x.pt, sorry', 'cannot open …, sorry'],
    ['cannot open C:\\Users\\ana\\x.pt now', 'cannot open … now'],
    ['see "\\\\share\\models\\x.pt"', 'see …'],
    ['asked http://ana:secret@gpu:1/x for it', 'asked … for it'],
    ['wrong value tensor([[[0.0, 1.0]]]) here', 'wrong value …'],
    [
      "ckpt_name: 'sub/nope.safetensors' not in ['sd15/fake.safetensors']",
      "ckpt_name: 'sub/nope.safetensors' not in ['sd15/fake.safetensors']",
    ],
    ['half/half and 1/2', 'half/half and 1/2'],
  ])('%j becomes %j', (text, plain) => {
    expect(plainReason(text)).toBe(plain);
  });

  it('is cut to 300 characters without half a character at its end', () => {
    const cut = plainReason(`${'x'.repeat(298)}😀${'y'.repeat(50)}`);

    expect(cut).toBe(`${'x'.repeat(298)}…`);
    expect(cut.length).toBeLessThanOrEqual(300);
  });
});
