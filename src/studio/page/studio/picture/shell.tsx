import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../parts/icon';

interface Props {
  label: string;
  close: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/** A dialog over the whole window; while it is open nothing behind it can be reached. */
export function Shell({ label, close, onKeyDown, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="picture-dialog"
      aria-label={label}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      {children}
      <button type="button" className="quiet close" aria-label="Close" aria-keyshortcuts="Escape" onClick={close}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
