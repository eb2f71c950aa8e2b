import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { isTokenWanted, signOut, token } from './api/token';
import { openUsername } from './api/username';
import { Icon } from './parts/icon';
import { useValue } from './parts/use-value';

/** Whose pictures are made: who has signed in, or, where nobody does, whoever is named here. */
export function UserMenu() {
  const id = useId();
  const signedIn = useValue(token);
  const named = useValue(openUsername);
  const [isOpen, setOpen] = useState(false);
  const { data: hasGraphiql } = useQuery({ queryKey: ['graphiql'], queryFn: isGraphiqlThere, enabled: isOpen, staleTime: Infinity });
  if (useValue(isTokenWanted)) return null;
  return (
    <>
      <button type="button" className="quiet user" popoverTarget={id}>
        <span>{signedIn ? (signedIn.username ?? 'signed in') : named}</span> <Icon name="down" />
      </button>
      <div id={id} popover="auto" className="menu" onToggle={({ newState }) => setOpen(newState === 'open')}>
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
            <input value={named} maxLength={64} onChange={({ target }) => openUsername.set(target.value)} />
          </label>
        )}
        {hasGraphiql && (
          <a href="/graphql">
            GraphiQL <Icon name="open" />
          </a>
        )}
      </div>
    </>
  );
}

/** It may be turned off. */
async function isGraphiqlThere({ signal }: { signal: AbortSignal }): Promise<boolean> {
  const { headers } = await fetch('/graphql', { headers: { Accept: 'text/html' }, signal });
  return headers.get('Content-Type')?.startsWith('text/html') ?? false;
}
