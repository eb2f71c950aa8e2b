import { type ReactNode, useId } from 'react';
import type { FieldFault } from '../api/api-error';

interface Props {
  label: string;
  /** Its name in the API, to find what the service has said about it. */
  name: string;
  faults?: FieldFault[];
  hint?: ReactNode;
  children: (control: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

/** A labelled control with its hint, and below it what the service finds wrong with its value. */
export function Field({ label, name, faults = [], hint, children }: Props) {
  const id = useId();
  const fault = faults.find(({ field }) => field === name || field.startsWith(`${name}.`));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-more`, 'aria-invalid': fault !== undefined })}
      <div id={`${id}-more`} className="more">
        {fault ? (
          <span className="wrong" role="alert">
            {faultText(fault)}
          </span>
        ) : (
          hint
        )}
      </div>
    </div>
  );
}

/** Whether all that is wrong stands beside one of these fields. */
export function isToldBeside(faults: readonly FieldFault[], fields: readonly string[]): boolean {
  return faults.length > 0 && faults.every(({ field }) => fields.includes(field));
}

/** The service says "must be 1…100" of a value; other messages are sentences already. */
export function faultText({ message }: FieldFault): string {
  return /^[a-z]/.test(message) ? `It ${message}.` : message;
}
