import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import { createRoot } from 'react-dom/client';
import { CarryOver } from './carry-over';
import { EXAMPLES } from './examples';
import { fetcher } from './fetcher';
import { SystemTheme } from './system-theme';
import './graphiql.css';

// GraphiQL shows the query of the first default tab, but not its variables. On later visits it brings back its own tabs.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;

// Headers hold tokens: they are forgotten with the page unless its user has turned "Persist headers" on.
const mayStoreHeaders = localStorage.getItem('graphiql:shouldPersistHeaders') === 'true';

// What the variables editor may hold for our own scalars; it would take a JSON object for a mistake.
const scalars = { SafeInt: { type: 'integer' }, JSON: { type: ['object', 'array', 'string', 'number', 'boolean'] } };

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={EXAMPLES}
    initialVariables={isFirstVisit ? EXAMPLES[0].variables : undefined}
    customScalarSchemas={scalars}
    shouldPersistHeaders={mayStoreHeaders}
    showPersistHeadersSettings
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>Filmroll</GraphiQL.Logo>
    <CarryOver />
    <SystemTheme />
  </GraphiQL>,
);
