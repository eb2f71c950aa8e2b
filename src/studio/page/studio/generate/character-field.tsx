import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { FieldFault } from '../api/api-error';
import { type CharacterCard, CHARACTERS } from '../api/character-operations';
import { EmbeddingState } from '../characters/embedding-state';
import { send } from '../api/send';
import { useUsername } from '../api/username';
import { Field } from '../parts/field';

interface Props {
  value: string;
  onChange: (value: string) => void;
  faults: FieldFault[];
}

/** Who is to be drawn: one that is known, or a new name. */
export function CharacterField({ value, onChange, faults }: Props) {
  const listId = useId();
  const username = useUsername();
  const { data } = useQuery({
    queryKey: ['characters', username],
    queryFn: async ({ signal }) => (await send(CHARACTERS, { username, after: null }, signal)).characters.nodes,
  });
  const known = data?.find(({ name }) => name === value.trim());
  return (
    <Field label="Character" name="character" faults={faults} hint={data && <Known character={known} isNew={value.trim() !== ''} />}>
      {(control) => (
        <>
          <input
            {...control}
            list={listId}
            required
            maxLength={64}
            autoComplete="off"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={listId}>
            {data?.map(({ id, name }) => (
              <option key={id} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface KnownProps {
  character?: CharacterCard;
  isNew: boolean;
}

function Known({ character, isNew }: KnownProps) {
  if (!character) return isNew ? <>Any name will do.</> : null;
  return (
    <>
      {character.embedding && (
        <>
          <EmbeddingState character={character}>embedding {character.embedding}</EmbeddingState> ·{' '}
        </>
      )}
      {framesText(character.series.imageCount)}
    </>
  );
}

function framesText(count: number): string {
  if (count === 0) return 'no frames yet';
  return count === 1 ? '1 frame' : `${count} frames`;
}
