import { type KeyboardEvent, type SubmitEvent, useState } from 'react';
import { ApiError, type FieldFault } from '../api/api-error';
import { Field, isToldBeside } from '../parts/field';
import { Icon } from '../parts/icon';
import { Fault } from '../parts/notice';
import { CharacterField } from './character-field';
import { CountField } from './count-field';
import { type Draft, FIRST_DRAFT, readDraft } from './draft';
import { savedDraft } from './remembered-draft';
import { MoreFields } from './more-fields';
import { SizeField } from './size-field';
import { useGenerate } from './use-generate';

const KEY_HINT = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘⏎' : 'Ctrl ⏎';

/** Those that show what is wrong with them; among the parameters it may be one that the form does not have. */
const FIELDS = Object.keys(FIRST_DRAFT).filter((name) => name !== 'parameters');

/** Where a batch is asked for. On a narrow screen it folds away once it has been. */
export function GenerateForm() {
  const [draft, setDraft] = useState(() => readDraft(savedDraft.get()));
  const [isFolded, setFolded] = useState(false);
  const { mutate, isPending, error } = useGenerate();
  const faults = error instanceof ApiError ? error.fields : [];
  const change = (changed: Partial<Draft>) => {
    const next = { ...draft, ...changed };
    setDraft(next);
    savedDraft.set(JSON.stringify(next));
  };
  const submit = (event?: SubmitEvent) => {
    event?.preventDefault();
    if (!isPending) mutate(draft, { onSuccess: () => setFolded(true) });
  };
  const submitByKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit();
  };
  return (
    <form className="generate" data-folded={isFolded} onSubmit={submit} onKeyDown={submitByKey} aria-label="New batch">
      <button type="button" className="quiet unfold" aria-expanded={!isFolded} onClick={() => setFolded(!isFolded)}>
        <Icon name="plus" /> New batch <span>{draft.character}</span>
      </button>
      <div className="fields">
        <Fields draft={draft} change={change} faults={faults} />
        <button type="submit" className="main" disabled={isPending} aria-keyshortcuts="Control+Enter Meta+Enter">
          Generate {draft.count || ''} <kbd aria-hidden="true">{KEY_HINT}</kbd>
        </button>
        {error && !isToldBeside(faults, FIELDS) && <Fault error={error} />}
      </div>
    </form>
  );
}

interface FieldsProps {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  faults: FieldFault[];
}

function Fields({ draft, change, faults }: FieldsProps) {
  return (
    <>
      <CharacterField value={draft.character} onChange={(character) => change({ character })} faults={faults} />
      <Field label="Prompt" name="prompt" faults={faults}>
        {(control) => (
          <textarea {...control} rows={4} required value={draft.prompt} onChange={({ target }) => change({ prompt: target.value })} />
        )}
      </Field>
      <div className="pair">
        <CountField value={draft.count} onChange={(count) => change({ count })} faults={faults} />
        <SizeField width={draft.width} height={draft.height} onChange={change} faults={faults} />
      </div>
      <MoreFields draft={draft} change={change} faults={faults} />
    </>
  );
}
