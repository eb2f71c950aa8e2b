import { useQuery } from '@tanstack/react-query';
import type { FieldFault } from '../api/api-error';
import { WORKFLOWS } from '../api/operations';
import { send } from '../api/send';
import { Field } from '../parts/field';
import { Icon } from '../parts/icon';
import type { Draft } from './draft';
import { NumberFields } from './number-fields';

interface Props {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  faults: FieldFault[];
}

const ARE_HERE = /^(width|height|seed|steps|cfg|negativePrompt|workflow|parameters)/;

/** What most batches leave as it is; it opens by itself when something in it is wrong. */
export function MoreFields({ draft, change, faults }: Props) {
  return (
    <details className="more-fields" open={faults.some(({ field }) => ARE_HERE.test(field)) || undefined}>
      <summary>
        <Icon name="right" /> Seed, steps, workflow…
      </summary>
      <NumberFields names={['width', 'height']} draft={draft} change={change} faults={faults} />
      <NumberFields names={['seed']} draft={draft} change={change} faults={faults} />
      <NumberFields names={['steps', 'cfg']} draft={draft} change={change} faults={faults} />
      <Field label="Negative prompt" name="negativePrompt" faults={faults}>
        {(control) => (
          <textarea
            {...control}
            rows={2}
            value={draft.negativePrompt}
            onChange={({ target }) => change({ negativePrompt: target.value })}
          />
        )}
      </Field>
      <WorkflowFields draft={draft} change={change} faults={faults} />
    </details>
  );
}

/** The workflow, and the parameters of its own. */
function WorkflowFields({ draft, change, faults }: Props) {
  const { data } = useQuery({ queryKey: ['workflows'], queryFn: async ({ signal }) => (await send(WORKFLOWS, {}, signal)).workflows });
  const chosen = data?.find(({ name }) => name === draft.workflow);
  return (
    <>
      <Field label="Workflow" name="workflow" faults={faults}>
        {(control) => (
          <select {...control} value={draft.workflow} onChange={({ target }) => change({ workflow: target.value, parameters: {} })}>
            <option value="">the character’s</option>
            {data?.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      {chosen?.parameters.map((name) => (
        <Field key={name} label={name} name={`parameters.${name}`} faults={faults}>
          {(control) => (
            <input
              {...control}
              placeholder="default"
              value={draft.parameters[name] ?? ''}
              onChange={({ target }) => change({ parameters: { ...draft.parameters, [name]: target.value } })}
            />
          )}
        </Field>
      ))}
    </>
  );
}
