import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ApiError, type FieldFault } from '../api/api-error';
import { type CharacterCard, SAVE_CHARACTER } from '../api/character-operations';
import { WORKFLOWS } from '../api/operations';
import { send } from '../api/send';
import { usernameToSend } from '../api/username';
import { announce } from '../parts/announcer';
import { Field, isToldBeside } from '../parts/field';
import { Fault } from '../parts/notice';

interface Values {
  name: string;
  embedding: string;
  promptPrefix: string;
  negativePrompt: string;
  workflow: string;
}

interface Props {
  /** The one to change; a new one where there is none. */
  character?: CharacterCard;
  close: () => void;
}

/** Makes or changes a character. The service takes an embedding only when a backend has it. */
export function CharacterForm({ character, close }: Props) {
  const [values, setValues] = useState<Values>(() => valuesOf(character));
  const { mutate, error, isPending } = useSave(character, close);
  const faults = faultsOf(error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    mutate(values);
  };
  return (
    <form className="character-form" onSubmit={submit} aria-label={character ? `Change ${character.name}` : 'New character'}>
      <Fields values={values} change={(changed) => setValues({ ...values, ...changed })} isNew={!character} faults={faults} />
      {error && !isToldBeside(faults, Object.keys(values)) && <Fault error={error} />}
      <div className="actions">
        <button type="submit" className="main" disabled={isPending}>
          {isPending ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {character ? 'Leave as it is' : 'Cancel'}
        </button>
      </div>
    </form>
  );
}

function valuesOf(character?: CharacterCard): Values {
  const { name = '', embedding, promptPrefix, negativePrompt, workflow } = character ?? {};
  return {
    ...{ name, embedding: embedding ?? '', promptPrefix: promptPrefix ?? '' },
    ...{ negativePrompt: negativePrompt ?? '', workflow: workflow ?? '' },
  };
}

function useSave(character: CharacterCard | undefined, close: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...texts }: Values) => {
      const given = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.trim() || null]));
      return send(SAVE_CHARACTER, { input: { ...given, name: name.trim(), username: whose(character) } });
    },
    onSuccess: ({ saveCharacter }) => {
      announce(`${saveCharacter.name} saved`);
      close();
      return client.invalidateQueries({ queryKey: ['characters'] });
    },
  });
}

/** A known character stays its user's; a new one is the caller's own, or whoever's an open service works for. */
function whose(character?: CharacterCard): string | null {
  return character ? character.username : usernameToSend();
}

/** An embedding that no backend has is a fault of that field. */
function faultsOf(error: Error | null): FieldFault[] {
  if (!(error instanceof ApiError)) return [];
  return error.code === 'EMBEDDING_NOT_FOUND' ? [{ field: 'embedding', message: error.message }] : error.fields;
}

interface FieldsProps {
  values: Values;
  change: (changed: Partial<Values>) => void;
  isNew: boolean;
  faults: FieldFault[];
}

const TEXTS: { name: keyof Values; label: string; hint?: string; required?: boolean }[] = [
  { name: 'name', label: 'Name', required: true },
  { name: 'embedding', label: 'Embedding', hint: 'Name of a textual-inversion file, without .safetensors. It is checked when saved.' },
  { name: 'promptPrefix', label: 'Before every prompt' },
  { name: 'negativePrompt', label: 'Negative prompt' },
];

function Fields({ values, change, isNew, faults }: FieldsProps) {
  const { data } = useQuery({ queryKey: ['workflows'], queryFn: async ({ signal }) => (await send(WORKFLOWS, {}, signal)).workflows });
  return (
    <>
      {TEXTS.map(({ name, label, hint, required }) => (
        <Field key={name} label={label} name={name} hint={hint} faults={faults}>
          {(control) => (
            <input
              {...control}
              required={required}
              disabled={name === 'name' && !isNew}
              autoComplete="off"
              value={values[name]}
              onChange={({ target }) => change({ [name]: target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="Workflow" name="workflow" faults={faults}>
        {(control) => (
          <select {...control} value={values.workflow} onChange={({ target }) => change({ workflow: target.value })}>
            <option value="">the service’s own</option>
            {data?.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
