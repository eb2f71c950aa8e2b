import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { Icon } from '../parts/icon';

interface Props {
  label: string;
  close: () => void;
  children: ReactNode;
}

/** A dialog over the whole window; while it is open nothing behind it can be reached. */
export function Shell({ label, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.focus();
    // Closed before it is gone, it gives the focus back to where it came from.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="picture-dialog"
      tabIndex={-1}
      aria-label={label}
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
