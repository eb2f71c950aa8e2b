import { useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { last } from './fetcher';

/**
 * Fills in what the tab just opened lacks: the headers of the last request, so that a token is pasted once, and the batch made last.
 * Each batch is offered to a tab once; what is typed over it stays.
 */
export function CarryOver(): null {
  const { tab, headerEditor, variableEditor } = useGraphiQL((state) => ({
    tab: state.tabs[state.activeTabIndex]?.id,
    headerEditor: state.headerEditor,
    variableEditor: state.variableEditor,
  }));
  const offered = useRef(new Map<string | undefined, string>());

  useEffect(() => {
    if (headerEditor?.getValue() === '' && Object.keys(last.headers).length > 0) {
      headerEditor.setValue(JSON.stringify(last.headers, null, 2));
    }
    if (last.batchId === null || offered.current.get(tab) === last.batchId) return;
    offered.current.set(tab, last.batchId);
    variableEditor?.setValue(withBatch(variableEditor.getValue(), last.batchId));
  }, [tab, headerEditor, variableEditor]);

  return null;
}

/** Edits the text alone, for variables may hold comments, which a parser would lose. */
function withBatch(variables: string, batchId: string): string {
  return variables.replace(/("batchId"\s*:\s*)"[^"]*"/, (_whole, key: string) => key + JSON.stringify(batchId));
}
