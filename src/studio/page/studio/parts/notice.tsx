import type { ReactNode } from 'react';
import { advice } from '../api/api-error';
import { Icon } from './icon';

/** What went wrong and what to do about it, told to a screen reader at once. */
export function Fault({ error, children }: { error: unknown; children?: ReactNode }) {
  return (
    <div className="fault" role="alert">
      <Icon name="warning" />
      <p>{advice(error)}</p>
      {children}
    </div>
  );
}

/** A view that has nothing to show: why, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
