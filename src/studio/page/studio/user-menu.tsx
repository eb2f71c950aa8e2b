import { useId } from 'react';
import { isTokenWanted, signOut, token } from './api/token';
import { username } from './generate/remembered-draft';
import { Icon } from './parts/icon';
import { useValue } from './parts/use-value';

/** Whose pictures are made: who has signed in, or, where nobody does, whoever is named here. */
export function UserMenu() {
  const id = useId();
  const signedIn = useValue(token);
  const named = useValue(username);
  if (useValue(isTokenWanted)) return null;
  return (
    <>
      <button type="button" className="quiet user" popoverTarget={id}>
        {signedIn ? (signedIn.username ?? 'signed in') : named} <Icon name="down" />
      </button>
      <div id={id} popover="auto" className="menu">
        {signedIn ? (
          <>
            <p>
              Signed in as <b>{signedIn.username}</b>
              {signedIn.isAdmin && ', an admin'}
            </p>
            <button type="button" onClick={signOut}>
              Forget the token
            </button>
          </>
        ) : (
          <label>
            New batches are for
            <input value={named} maxLength={64} onChange={({ target }) => username.set(target.value)} />
          </label>
        )}
        <a href="/graphql">
          GraphiQL <Icon name="open" />
        </a>
      </div>
    </>
  );
}
