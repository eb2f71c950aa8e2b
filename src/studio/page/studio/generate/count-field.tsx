import { useId } from 'react';
import type { FieldFault } from '../api/api-error';
import { faultText } from '../parts/field';

const CHOICES = [4, 8, 16];

interface Props {
  value: number;
  onChange: (value: number) => void;
  faults: FieldFault[];
}

/** How many: one of three, or any number. */
export function CountField({ value, onChange, faults }: Props) {
  const name = useId();
  const fault = faults.find(({ field }) => field === 'count');
  return (
    <fieldset className="field count">
      <legend>Count</legend>
      <div className="choices">
        {CHOICES.map((choice) => (
          <label key={choice}>
            <input type="radio" name={name} checked={value === choice} onChange={() => onChange(choice)} />
            <span>{choice}</span>
          </label>
        ))}
        <input
          type="number"
          inputMode="numeric"
          aria-label="Another count"
          min={1}
          required
          value={value || ''}
          onChange={({ target }) => onChange(target.valueAsNumber || 0)}
        />
      </div>
      {fault && (
        <div className="more wrong" role="alert">
          {faultText(fault)}
        </div>
      )}
    </fieldset>
  );
}
