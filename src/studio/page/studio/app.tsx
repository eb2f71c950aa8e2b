import { Route, Switch, useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { Announcer } from './parts/announcer';
import { Empty } from './parts/notice';
import { useTitle } from './parts/use-title';
import { StudioView } from './sheet/studio-view';
import { TopBar } from './top-bar';

/** The whole page: the bar, the view that the address names, and what lies over it. */
export function App() {
  const [location] = useLocation();
  const behind = useHistoryState<{ behind?: string } | null>()?.behind;
  const shown = behind && location.startsWith('/image/') ? behind : location + window.location.search;
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <main id="main" tabIndex={-1}>
        <Views shown={shown} />
      </main>
      <Announcer />
    </>
  );
}

function Views({ shown }: { shown: string }) {
  return (
    <Switch location={shown.split('?', 1)[0]}>
      <Route path="/">
        <StudioView />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function NotFound() {
  useTitle('Not found');
  return (
    <Empty title="There is nothing here">
      <p>The address names no view of the studio.</p>
    </Empty>
  );
}
