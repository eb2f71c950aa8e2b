import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CHARACTERS, type CharacterCard } from '../api/character-operations';
import { send } from '../api/send';
import { Icon } from '../parts/icon';
import { Empty, Fault } from '../parts/notice';
import { useTitle } from '../parts/use-title';
import { Waiting } from '../parts/waiting';
import { CharacterForm } from './character-form';
import { CharacterRow } from './character-row';

/** Who is drawn, with which embedding. */
export function CharactersView() {
  useTitle('Characters');
  const [isNew, setNew] = useState(false);
  const { data, error, isPending, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['characters', 'all'],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => (await send(CHARACTERS, { username: null, after: pageParam }, signal)).characters,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const characters = data?.pages.flatMap(({ nodes }) => nodes);
  return (
    <div className="page characters">
      <div className="page-head">
        <h1>Characters</h1>
        <button type="button" onClick={() => setNew(true)} disabled={isNew}>
          <Icon name="plus" /> New character
        </button>
      </div>
      {error && <Fault error={error} />}
      {isPending && !error && <Waiting />}
      {isNew && <CharacterForm close={() => setNew(false)} />}
      {characters?.length === 0 && !isNew && <NoCharacters onNew={() => setNew(true)} />}
      <Rows characters={characters ?? []} />
      {hasNextPage && (
        <button type="button" onClick={() => void fetchNextPage()}>
          Show more
        </button>
      )}
    </div>
  );
}

function Rows({ characters }: { characters: CharacterCard[] }) {
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <ul className="rows">
      {characters.map((character) => (
        <li key={character.id} className="character">
          {edited === character.id ? (
            <CharacterForm character={character} close={() => setEdited(null)} />
          ) : (
            <CharacterRow character={character} onEdit={() => setEdited(character.id)} />
          )}
        </li>
      ))}
    </ul>
  );
}

function NoCharacters({ onNew }: { onNew: () => void }) {
  return (
    <Empty title="No characters yet">
      <p>A name is all that a batch needs. A character kept here adds an embedding and words of its own to every prompt made for it.</p>
      <button type="button" className="main" onClick={onNew}>
        Keep the first one
      </button>
    </Empty>
  );
}
