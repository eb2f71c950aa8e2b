import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { type CharacterCard, DELETE_CHARACTER } from '../api/character-operations';
import { send } from '../api/send';
import { galleryAddress } from '../gallery/gallery-filters';
import { Fault } from '../parts/notice';
import { EmbeddingState } from './embedding-state';

/** One character, and what can be done with it. */
export function CharacterRow({ character, onEdit }: { character: CharacterCard; onEdit: () => void }) {
  const { name, username, series } = character;
  return (
    <>
      <div className="who">
        <h2>{name}</h2>
        <p>{username}</p>
      </div>
      <Words character={character} />
      <p className="series">
        <Link href={galleryAddress({ username, character: name })}>
          {series.imageCount === 1 ? '1 frame' : `${series.imageCount} frames`}
        </Link>
        {series.lastIndex > 0 && `, the last is ${series.lastIndex}`}
      </p>
      <Actions character={character} onEdit={onEdit} />
    </>
  );
}

/** What it adds to every prompt. */
function Words({ character }: { character: CharacterCard }) {
  const { embedding, promptPrefix, negativePrompt, workflow } = character;
  if (!embedding && !promptPrefix && !negativePrompt && !workflow) return <p className="plain">Drawn from the prompt alone.</p>;
  return (
    <dl>
      {embedding && (
        <Word name="Embedding">
          <EmbeddingState character={character}>
            <code>{embedding}</code>
          </EmbeddingState>
        </Word>
      )}
      {promptPrefix && <Word name="Before every prompt">{promptPrefix}</Word>}
      {negativePrompt && <Word name="Negative prompt">{negativePrompt}</Word>}
      {workflow && <Word name="Workflow">{workflow}</Word>}
    </dl>
  );
}

function Word({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Deleting is asked for twice; pictures stay. */
function Actions({ character: { id, name }, onEdit }: { character: CharacterCard; onEdit: () => void }) {
  const [isSure, setSure] = useState(false);
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => send(DELETE_CHARACTER, { id }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['characters'] }),
  });
  if (error) return <Fault error={error} />;
  if (isSure) {
    return (
      <div className="actions" role="group" aria-label={`Delete ${name}?`}>
        <span>Its pictures and numbers stay.</span>
        <button type="button" className="danger" disabled={isPending} onClick={() => mutate()}>
          Delete {name}
        </button>
        <button type="button" className="quiet" onClick={() => setSure(false)}>
          Keep
        </button>
      </div>
    );
  }
  return (
    <div className="actions">
      <button type="button" aria-label={`Edit ${name}`} onClick={onEdit}>
        Edit
      </button>
      <button type="button" className="quiet" aria-label={`Delete ${name}`} onClick={() => setSure(true)}>
        Delete
      </button>
    </div>
  );
}
