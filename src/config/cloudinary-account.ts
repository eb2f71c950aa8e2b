/** A Cloudinary account, as `CLOUDINARY_URL` names it. */
export interface CloudinaryAccount {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
  /** Origin of the API, without a slash at the end. */
  apiOrigin: string;
}

const DEFAULT_ORIGIN = 'https://api.cloudinary.com';

/**
 * Reads `cloudinary://key:secret@cloud`, with at most `?upload_prefix=http(s)://…` behind it; undefined when the text is anything else.
 * Key and secret may be percent-encoded.
 */
export function cloudinaryAccount(text: string): CloudinaryAccount | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, searchParams, hash } = new URL(text);
  const apiOrigin = originOf(searchParams.get('upload_prefix') ?? DEFAULT_ORIGIN);
  const plain = ['', '/'].includes(pathname) && !port && !hash && [...searchParams.keys()].every((key) => key === 'upload_prefix');
  if (protocol !== 'cloudinary:' || !hostname || !username || !password || !plain || !apiOrigin) return undefined;
  return { cloudName: hostname, apiKey: decoded(username), apiSecret: decoded(password), apiOrigin };
}

function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href, search, hash, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && !search && !hash && !username && !password ? href.replace(/\/$/, '') : undefined;
}

/** A secret with a lone % in it is taken as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
