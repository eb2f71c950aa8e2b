import { valueStore } from '../parts/value-store';

const KEY = 'filmroll:token';

export interface Token {
  text: string;
  /** `sub` of the token; null where it cannot be read. */
  username: string | null;
  isAdmin: boolean;
}

/** The caller's token, or null. It is kept in this browser and sent to this service alone. */
export const token = valueStore<Token | null>(read(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)));

/** Whether the service has asked for a token, or for another one than it got. */
export const isTokenWanted = valueStore(false);

/** Takes a token on; `keep` keeps it after the browser is closed. */
export function signIn(text: string, keep: boolean): void {
  (keep ? localStorage : sessionStorage).setItem(KEY, text);
  token.set(read(text));
  isTokenWanted.set(false);
}

/** Resolves when another token is taken on. */
export function anotherToken(): Promise<void> {
  return new Promise((resolve) => {
    const silence = token.subscribe(() => {
      silence();
      resolve();
    });
  });
}

export function signOut(): void {
  for (const storage of [sessionStorage, localStorage]) storage.removeItem(KEY);
  token.set(null);
  isTokenWanted.set(true);
}

/** Only to show who it is for: the service alone can say whether it is valid. */
function read(text: string | null): Token | null {
  if (!text) return null;
  try {
    const base64 = text.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { sub, role } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; role?: unknown };
    return { text, username: typeof sub === 'string' ? sub : null, isAdmin: role === 'admin' };
  } catch {
    return { text, username: null, isAdmin: false };
  }
}
