import { Route, Switch, useLocation, useRoute } from 'wouter';
import { useHistoryState, useSearch } from 'wouter/use-browser-location';
import { isTokenWanted } from './api/token';
import { BackendsView } from './backends/backends-view';
import { BatchView } from './batch/batch-view';
import { CharactersView } from './characters/characters-view';
import { GalleryView } from './gallery/gallery-view';
import { Announcer } from './parts/announcer';
import { Empty } from './parts/notice';
import { useTitle } from './parts/use-title';
import { useValue } from './parts/use-value';
import { PictureDialog } from './picture/picture-dialog';
import { StudioView } from './sheet/studio-view';
import { TokenDialog } from './token-dialog';
import { TopBar } from './top-bar';

/** The whole page: the bar, the view that the address names, and what lies over it. */
export function App() {
  const [path] = useLocation();
  const search = useSearch();
  const behind = useHistoryState<{ behind?: string } | null>()?.behind;
  const [isPicture, picture] = useRoute('/image/:id');
  const shown = isPicture && behind ? behind : `${path}${search}`;
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <TopBar />
      <main id="main" tabIndex={-1}>
        <Views shown={shown} />
      </main>
      {isPicture && <PictureDialog id={picture.id} behind={behind} />}
      {useValue(isTokenWanted) && <TokenDialog />}
      <Announcer />
    </>
  );
}

/** The view at an address; a picture lies over one, and over nothing when it was opened by a link from elsewhere. */
function Views({ shown }: { shown: string }) {
  return (
    <Switch location={shown.split('?', 1)[0]}>
      <Route path="/">
        <StudioView />
      </Route>
      <Route path="/gallery">
        <GalleryView address={shown} />
      </Route>
      <Route path="/characters">
        <CharactersView />
      </Route>
      <Route path="/backends">
        <BackendsView />
      </Route>
      <Route path="/batch/:id">{({ id }) => <BatchView key={id} id={id} />}</Route>
      <Route path="/image/:id">{null}</Route>
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
