import type { FieldFault } from '../api/api-error';
import { Field } from '../parts/field';

const SIZES = [
  [512, 512],
  [512, 768],
  [768, 512],
  [768, 768],
  [1024, 1024],
  [832, 1216],
  [1216, 832],
];

interface Props {
  width: number | null;
  height: number | null;
  onChange: (size: { width: number; height: number }) => void;
  faults: FieldFault[];
}

/** The usual sizes in pixels; any other stands among the further fields. */
export function SizeField({ width, height, onChange, faults }: Props) {
  const isUsual = SIZES.some(([w, h]) => w === width && h === height);
  const sizes = isUsual ? SIZES : [...SIZES, [width, height]];
  return (
    <Field label="Size" name="size" faults={faults}>
      {(control) => (
        <select
          {...control}
          value={`${width} ${height}`}
          onChange={({ target }) => {
            const [w, h] = target.value.split(' ').map(Number);
            onChange({ width: w, height: h });
          }}
        >
          {sizes.map(([w, h]) => (
            <option key={`${w} ${h}`} value={`${w} ${h}`}>
              {w === h ? `${w}²` : `${w ?? '…'} × ${h ?? '…'}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
