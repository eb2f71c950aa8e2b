import { createHash } from 'node:crypto';

const HASH_BITS = 96;

/**
 * The name under which the image is stored: `<prefix>/<username>-<character>-<hash>/<index>`, of `[a-z0-9/_-]` only, at most 200 characters.
 * A pure function: readable for people, and distinct because the hash is over the exact, length-prefixed pair. No segment looks like `v12`,
 * which Cloudinary would read as a version.
 */
export function publicId(prefix: string, username: string, character: string, index: number): string {
  const series = [slug(username), slug(character), hash(username, character)].filter(Boolean).join('-');
  return `${prefix}/${series}/${String(index).padStart(6, '0')}`;
}

function slug(text: string): string {
  const ascii = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return ascii
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
}

function hash(username: string, character: string): string {
  const pair = [username, character].map((name) => `${Buffer.byteLength(name)}:${name}`).join('');
  return createHash('sha256')
    .update(pair)
    .digest('hex')
    .slice(0, HASH_BITS / 4);
}
