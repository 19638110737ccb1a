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
  const [isNavOpen, setIsNavOpen] = useState(wide.matches);
  useFocusOnNavigation(pathname);

  // The width of the window is not React's.
  useEffect(() => {
    const follow = () => setIsNavOpen(wide.matches);
    wide.addEventListener('change', follow);
    return () => wide.removeEventListener('change', follow);
  }, []);

  return (
    <PluginStoreProvider store={plugins.store}>
      <ActiveNamespaceProvider>
        <OverlayProvider>
          <Page
            className="vc-page"
            masthead={
              <AppMasthead isNavOpen={isNavOpen} onToggle={() => setIsNavOpen(!isNavOpen)} />
            }
            sidebar={
              <Navigation
                isOpen={isNavOpen}
                plugins={plugins}
                onNavigate={() => {
                  if (!wide.matches) setIsNavOpen(false);
                }}
              />
            }
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

/** Moves the focus to the page when another one is shown, so that reading goes on there. */
function useFocusOnNavigation(pathname: string): void {
  const last = useRef(pathname);
  // Focus is the browser's.
  useEffect(() => {
    // Tabs within a page (same object, longer path) keep the focus where it is.
    const isSamePage = pathname.startsWith(last.current) || last.current.startsWith(pathname);
    last.current = pathname;
    const main = document.getElementById(mainId);
    if (!isSamePage && main && !document.querySelector('[role="dialog"]'))
      main.focus({ preventScroll: true });
  }, [pathname]);
}
