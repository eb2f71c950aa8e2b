import { thumbnail } from './thumbnail';

const STORED = 'https://res.cloudinary.com/demo/image/upload/v1763/filmroll/ada-luna/000041.png';

describe('thumbnail', () => {
  it('asks Cloudinary for a square of the size', () => {
    expect(thumbnail(STORED, 320, 320)).toBe(
      'https://res.cloudinary.com/demo/image/upload/c_fill,w_320,h_320,f_auto,q_auto/v1763/filmroll/ada-luna/000041.png',
    );
  });

  it('keeps the form where no height is asked for', () => {
    expect(thumbnail(STORED, 640)).toMatch('/image/upload/c_limit,w_640,f_auto,q_auto/v1763/');
  });

  it('asks the local disk for its copy for lists, and for the file where that would be too small', () => {
    const local = 'http://127.0.0.1:3000/assets/filmroll/ada-luna/000041.png';
    expect(thumbnail(local, 320, 320)).toBe(`${local}?small`);
    expect(thumbnail(local, 640)).toBe(local);
  });

  it('leaves other addresses as they are', () => {
    const other = 'https://pictures.example.com/000041.png';
    expect(thumbnail(other, 320, 320)).toBe(other);
  });
});
