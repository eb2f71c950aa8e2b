import { remembered } from '../parts/remembered';
import { useValue } from '../parts/use-value';
import { token } from './token';

/** Whose pictures are made where callers do not sign in. */
export const openUsername = remembered('username', 'ada');

/** Who looks at the page: whoever the token names, or else whoever is named in the menu. */
export function useUsername(): string {
  const open = useValue(openUsername);
  return useValue(token)?.username ?? open;
}

/** What to send as the user of what is made: nothing where the token says it. */
export function usernameToSend(): string | null {
  return token.get() ? null : openUsername.get();
}
