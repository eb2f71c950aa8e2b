import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { signIn, token } from './api/token';
import { useValue } from './parts/use-value';

/** Asks for a token when the service wants one. */
export function TokenDialog() {
  const refused = useValue(token);
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [keep, setKeep] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn(text.trim().replace(/^Bearer\s+/i, ''), keep);
  };
  return (
    <dialog ref={dialog} className="token-dialog" aria-labelledby="token-title" onCancel={(event) => event.preventDefault()}>
      <form onSubmit={submit}>
        <h1 id="token-title">Who are you?</h1>
        {refused ? (
          <p className="wrong" role="alert">
            The token was refused: it may have run out, or be for another service. Paste a new one.
          </p>
        ) : (
          <p>This service wants to know who calls. Paste the token that you were given; it stays in this browser.</p>
        )}
        <TokenFields text={text} setText={setText} keep={keep} setKeep={setKeep} />
        <button type="submit" className="main">
          Sign in
        </button>
      </form>
    </dialog>
  );
}

interface FieldsProps {
  text: string;
  setText: (text: string) => void;
  keep: boolean;
  setKeep: (keep: boolean) => void;
}

function TokenFields({ text, setText, keep, setKeep }: FieldsProps) {
  return (
    <>
      <label className="field">
        <span>Token</span>
        <textarea
          rows={4}
          required
          spellCheck={false}
          autoComplete="off"
          placeholder="eyJ…"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <label className="keep">
        <input type="checkbox" checked={keep} onChange={({ target }) => setKeep(target.checked)} /> Keep it when the browser is closed
      </label>
    </>
  );
}
