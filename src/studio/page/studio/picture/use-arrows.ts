import { useEffect } from 'react';

/** Calls `left` and `right` at the arrow keys, wherever the focus is. */
export function useArrows(left: () => void, right: () => void): void {
  useEffect(() => {
    const turn = ({ key, altKey, ctrlKey, metaKey }: KeyboardEvent) => {
      if (altKey || ctrlKey || metaKey) return;
      if (key === 'ArrowLeft') left();
      if (key === 'ArrowRight') right();
    };
    addEventListener('keydown', turn);
    return () => removeEventListener('keydown', turn);
  });
}
