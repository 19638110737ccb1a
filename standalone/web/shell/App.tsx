import { Page, SkipToContent } from '@patternfly/react-core';
import { PluginStoreProvider } from '@openshift/dynamic-plugin-sdk';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
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
  const { t } = useTranslation('console');
  const { pathname } = useLocation();
  const [isNarrow, setIsNarrow] = useState(!wide.matches);
  const [isNavOpen, setIsNavOpen] = useState(wide.matches);
  useFocusOnNavigation(pathname);
  const closeOverlay = () => {
    if (isNarrow) setIsNavOpen(false);
  };

  return (
    <PluginStoreProvider store={plugins.store}>
      <ActiveNamespaceProvider>
        <OverlayProvider>
          <Page
            className="vc-page"
            masthead={
              <AppMasthead isNavOpen={isNavOpen} onToggle={() => setIsNavOpen(!isNavOpen)} />
            }
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
            skipToContent={
              <SkipToContent href={`#${mainId}`}>{t('Skip to content')}</SkipToContent>
            }
            mainContainerId={mainId}
            mainTabIndex={-1}
            mainAriaLabel={t('Page')}
            isContentFilled
          >
            <ConnectionBanner />
            <PageErrorBoundary address={pathname}>
              <Suspense fallback={<PageLoading />}>
                <Pages plugins={plugins} />
              </Suspense>
            </PageErrorBoundary>
          </Page>
        </OverlayProvider>
      </ActiveNamespaceProvider>
    </PluginStoreProvider>
  );
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
