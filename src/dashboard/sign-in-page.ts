import { BOARD_PATH } from './queue-board.js';

/** Where the form sends the token. */
export const SIGN_IN_PATH = `${BOARD_PATH}/sign-in`;

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 30rem; margin: 15vh auto 0; padding: 0 1rem; }
  h1 { font-size: 1.25rem; }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
  input, button { padding: 0.5rem; margin-top: 0.5rem; }`;

/** A page without any script that asks for an admin's token; `fault` says why the last one did not do. */
export function signInPage(fault: string | null): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Filmroll queues</title>
<style>${STYLE}</style>
<h1>Filmroll queues</h1>
${fault === null ? '' : `<p role="alert">${fault}</p>`}
<form method="post" action="${SIGN_IN_PATH}">
  <label>Token of an admin <input type="password" name="token" autocomplete="off" required autofocus></label>
  <button>Sign in</button>
</form>
</html>
`;
}
