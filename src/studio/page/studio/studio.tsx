import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/api-error';
import { connection } from './api/connection';
import { connect } from './api/follow';
import { token } from './api/token';
import { App } from './app';
import { applyTheme } from './parts/theme';
import './styles/base.css';
import './styles/shell.css';
import './styles/form.css';
import './styles/sheet.css';
import './styles/gallery.css';
import './styles/picture.css';
import './styles/rows.css';

const isPassing = (error: unknown) => error instanceof ApiError && error.isPassing;

const queries = new QueryClient({
  defaultOptions: {
    // A service on this very machine is there without a network.
    queries: {
      networkMode: 'always',
      retry: (_times, error) => isPassing(error),
      retryDelay: (times) => Math.min(500 * 2 ** times, 4_000),
      staleTime: 2_000,
    },
    mutations: { networkMode: 'always' },
  },
});

applyTheme();
connect();
// What was asked while the service was away, or as somebody else, is asked again.
let wasLost = false;
connection.subscribe(() => {
  const { link } = connection.get();
  if (link === 'live' && wasLost) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'gallery' });
  wasLost = link === 'reconnecting';
});
token.subscribe(() => void queries.resetQueries());

createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
);
