import { Page, SkipToContent } from '@patternfly/react-core';
import { PluginStoreProvider, useExtensions } from '@openshift/dynamic-plugin-sdk';
import { type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { matchPath, useLocation } from 'react-router';
import { isStandalonePage, routePaths } from '../plugins/extensions.ts';
import type { PluginLoads } from '../plugins/PluginLoads.ts';
import { OverlayProvider } from '../sdk/overlays.tsx';
import { ActiveNamespaceProvider } from './ActiveNamespaceProvider.tsx';
import { AppMasthead } from './AppMasthead.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Navigation } from './Navigation.tsx';
import { PageErrorBoundary } from './PageErrorBoundary.tsx';
import { PageLoading } from './PageLoading.tsx';
import { Pages } from './Pages.tsx';

const mainId = 'content';

/** Narrower than this the navigation lies over the page (PatternFly's breakpoint xl). */
const wide = matchMedia('(min-width: 75rem)');

/** The whole console: masthead, navigation, and the page of the address. */
export function App({ plugins }: { plugins: PluginLoads }) {
  const { pathname } = useLocation();
  useFocusOnNavigation(pathname);
  return (
    <PluginStoreProvider store={plugins.store}>
      <ActiveNamespaceProvider>
        <OverlayProvider>
          <Frame plugins={plugins}>
            <ConnectionBanner />
            <PageErrorBoundary address={pathname}>
              <Suspense fallback={<PageLoading />}>
                <Pages plugins={plugins} />
              </Suspense>
            </PageErrorBoundary>
          </Frame>
        </OverlayProvider>
      </ActiveNamespaceProvider>
    </PluginStoreProvider>
  );
}

/** Masthead and navigation around the page, but for pages that have the window to themselves. */
function Frame({ plugins, children }: { plugins: PluginLoads; children: ReactNode }) {
  const { t } = useTranslation('console');
  const [isNarrow, setIsNarrow] = useState(!wide.matches);
  const [isNavOpen, setIsNavOpen] = useState(wide.matches);
  const closeOverlay = () => {
    if (isNarrow) setIsNavOpen(false);
  };
  if (!useIsFramed(plugins)) {
    return (
      <main id={mainId} className="vc-unframed" tabIndex={-1} aria-label={t('Page')}>
        {children}
      </main>
    );
  }
  return (
    <Page
      className="vc-page"
      masthead={<AppMasthead isNavOpen={isNavOpen} onToggle={() => setIsNavOpen(!isNavOpen)} />}
      sidebar={<Navigation isOpen={isNavOpen} plugins={plugins} onNavigate={closeOverlay} />}
      onPageResize={(_event, { mobileView }: { mobileView: boolean }) => {
        if (mobileView === isNarrow) return;
        setIsNarrow(mobileView);
        setIsNavOpen(!mobileView);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') closeOverlay();
      }}
      onClick={({ target }) => {
        const main = document.getElementById(mainId);
        if (target instanceof Node && main?.contains(target)) closeOverlay();
      }}
      skipToContent={<SkipToContent href={`#${mainId}`}>{t('Skip to content')}</SkipToContent>}
      mainContainerId={mainId}
      mainTabIndex={-1}
      mainAriaLabel={t('Page')}
      isContentFilled
    >
      {children}
    </Page>
  );
}

/** Whether the page of the address stands within masthead and navigation. */
function useIsFramed(plugins: PluginLoads): boolean {
  const { pathname } = useLocation();
  const { state } = useSyncExternalStore(plugins.subscribe, plugins.getSnapshot);
  const standalone = useExtensions(isStandalonePage);
  // Whose page it is nobody knows yet; a frame that goes again would be worse than one that comes.
  if (state === 'loading') return pathname === '/' || pathname.startsWith('/k8s/');
  return !standalone.flatMap(routePaths).some((path) => matchPath(path, pathname) !== null);
}

/** What a reader takes for one page: the kind and the object, whatever the project or tab. */
function pageOf(pathname: string): string {
  const path = pathname.replace(/^\/k8s\/(ns\/[^/]+|all-namespaces|cluster)\//, '');
  return path.split('/').filter(Boolean).slice(0, 2).join('/');
}

/** Moves the focus to the page when another one is shown, so that reading goes on there. */
function useFocusOnNavigation(pathname: string): void {
  const page = pageOf(pathname);
  const last = useRef(page);
  // Focus is the browser's.
  useEffect(() => {
    const left = last.current;
    last.current = page;
    // The start page leads on by itself; nobody has gone anywhere yet.
    if (left === page || left === '' || page === '') return;
    if (!document.querySelector('[role="dialog"]'))
      document.getElementById(mainId)?.focus({ preventScroll: true });
  }, [page]);
}
