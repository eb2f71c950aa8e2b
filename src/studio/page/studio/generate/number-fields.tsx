import type { FieldFault } from '../api/api-error';
import { Field } from '../parts/field';
import type { Draft } from './draft';

const NUMBERS = {
  width: { label: 'Width', min: 64, max: 2048, step: 8, required: true },
  height: { label: 'Height', min: 64, max: 2048, step: 8, required: true },
  seed: { label: 'Seed of the first', min: 0, step: 1, placeholder: 'at random' },
  steps: { label: 'Steps', min: 1, step: 1, placeholder: 'default' },
  cfg: { label: 'CFG', min: 0, step: 'any', placeholder: 'default' },
};

interface Props {
  names: (keyof typeof NUMBERS)[];
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  faults: FieldFault[];
}

/** Numbers of the draft, side by side. */
export function NumberFields({ names, draft, change, faults }: Props) {
  return (
    <div className="pair">
      {names.map((name) => {
        const { label, ...limits } = NUMBERS[name];
        return (
          <Field key={name} label={label} name={name} faults={faults}>
            {(control) => (
              <input
                {...control}
                {...limits}
                type="number"
                inputMode="decimal"
                value={draft[name] ?? ''}
                onChange={({ target }) => change({ [name]: target.value === '' ? null : target.valueAsNumber })}
              />
            )}
          </Field>
        );
      })}
    </div>
  );
}
