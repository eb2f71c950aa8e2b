import { useEffect } from 'react';

/** Names the view in the browser's tab while it is shown. */
export function useTitle(view: string): void {
  useEffect(() => {
    document.title = `${view} · Filmroll`;
  }, [view]);
}
