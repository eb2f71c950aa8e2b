import { useState } from 'react';

/** Characters that are more than the first lines hold. */
const LONG = 400;

/** A text of any length: of a long one the first lines, and the rest when it is asked for. */
export function LongText({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= LONG) return <span>{text}</span>;
  return (
    <span className="long">
      <span className={isWhole ? undefined : 'clamped'}>{text}</span>
      <button type="button" className="quiet unclamp" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
        {isWhole ? 'Show less' : 'Show all'}
      </button>
    </span>
  );
}
