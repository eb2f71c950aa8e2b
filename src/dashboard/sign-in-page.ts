import { BOARD_PATH } from './queue-board.js';

/** Where the form sends the token. */
export const SIGN_IN_PATH = `${BOARD_PATH}/sign-in`;

/** In the colours of the studio, whose files are behind another policy. */
const STYLE = `
  :root { color-scheme: dark light; color: light-dark(#1c1b19, #e9e7e3); background: light-dark(#f7f6f4, #131211); font: 0.875rem/1.5 system-ui, sans-serif; }
  body { box-sizing: border-box; max-width: 28rem; margin: 15vh auto 0; padding: 0 1rem; }
  h1 { font-size: 1rem; font-weight: 600; }
  p { color: light-dark(#b0261a, #ff8b7d); }
  label { color: light-dark(#63605a, #a19d96); font-size: 0.75rem; }
  input, button { display: block; width: 100%; box-sizing: border-box; min-height: 2.5rem; padding: 0.375rem 0.625rem; border-radius: 6px; font: inherit; }
  input { margin: 0.25rem 0 1rem; border: 1px solid light-dark(rgb(0 0 0 / 0.45), rgb(255 255 255 / 0.4)); color: inherit; background: light-dark(#fff, #1b1a18); font-size: 0.875rem; }
  button { border: 0; color: #221500; background: #fcae3c; font-weight: 600; cursor: pointer; }
  :focus-visible { outline: 2px solid light-dark(#8a5200, #fcae3c); outline-offset: 2px; }`;

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
