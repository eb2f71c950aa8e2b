import { useState } from 'react';
import { Icon } from './icon';

/** Milliseconds for which the button says that it has worked. */
const SAYS_SO_FOR = 1_500;

/** Puts `text` on the clipboard; `what` names it. Without https a page gets no clipboard: there is no button then. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [isCopied, setCopied] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAYS_SO_FOR);
  };
  return (
    <button type="button" className="quiet copy" onClick={() => void copy()} title={`Copy ${what}`} aria-label={`Copy ${what}`}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      <span role="status" className="unseen">
        {isCopied ? `${what} copied` : ''}
      </span>
    </button>
  );
}
