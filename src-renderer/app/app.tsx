import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useLiveState } from '../api/live-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import styles from './app.module.css';
import { ErrorBoundary } from './error-boundary.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { pages, StartPage } from './pages.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { SideBar } from './side-bar.tsx';
import { SignedOut } from './signed-out.tsx';

const Palette = lazy(() => import('../features/palette/palette.tsx').then((module) => ({ default: module.Palette })));

/** The frame: side bar at the left, the page of the address beside it. */
export function App(): ReactNode {
  const live = useLiveState();
  const [location, navigate] = useLocation();
  const [isSearching, setSearching] = useState(false);
  const search = useCallback(() => setSearching(true), []);
  const content = useRef<HTMLElement>(null);
  const page = location.split('/')[1] ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => void content.current?.scrollTo(0, 0), [page]);
  if (live === 'signed-out') return <SignedOut />;
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        Skip to content
      </a>
      <SideBar onSearch={search} />
      <main id="content" ref={content} className={styles['content']} tabIndex={-1}>
        {live === 'offline' && <OfflineNotice />}
        <ErrorBoundary>
          <Suspense fallback={<Skeleton lines={6} />}>
            <Switch>
              <Route path="/start" component={StartPage} />
              {pages.map(({ path, Component }) => (
                <Route key={path} path={path === '/calls' ? '/calls/:id?' : path} component={Component} />
              ))}
              <Route>
                <Redirect to="/" replace />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Shortcuts onSearch={search} />
      {isSearching && (
        <Suspense fallback={null}>
          <Palette pages={pages} onGo={navigate} onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  );
}
