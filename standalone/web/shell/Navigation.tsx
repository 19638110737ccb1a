import {
  Nav,
  NavExpandable,
  NavItem,
  NavItemSeparator,
  NavList,
  PageSidebar,
  PageSidebarBody,
  Skeleton,
} from '@patternfly/react-core';
import { useExtensions } from '@openshift/dynamic-plugin-sdk';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { translateExtensionText } from '../i18n.ts';
import { isNavExtension } from '../plugins/extensions.ts';
import { type NavEntry, navigationTree } from '../plugins/navigationTree.ts';
import type { PluginLoads } from '../plugins/PluginLoads.ts';
import { useActiveNamespace } from '../sdk/useActiveNamespace.ts';

/** The side navigation, made of what the plugins contribute. */
export function Navigation({
  isOpen,
  plugins,
  onNavigate,
}: {
  isOpen: boolean;
  plugins: PluginLoads;
  onNavigate: () => void;
}) {
  const { t } = useTranslation('console');
  const load = useSyncExternalStore(plugins.subscribe, plugins.getSnapshot);
  const extensions = useExtensions(isNavExtension);
  const entries = useMemo(() => navigationTree(extensions), [extensions]);
  return (
    <PageSidebar isSidebarOpen={isOpen}>
      <PageSidebarBody>
        {load.state === 'loading' ? (
          <Skeleton className="vc-late" screenreaderText={t('Loading')} />
        ) : (
          <Nav aria-label={t('Main')} onSelect={onNavigate}>
            <NavList>
              <Entries entries={entries} />
            </NavList>
          </Nav>
        )}
      </PageSidebarBody>
    </PageSidebar>
  );
}

function Entries({ entries }: { entries: readonly NavEntry[] }): ReactNode {
  const { pathname } = useLocation();
  const [namespace] = useActiveNamespace();
  const isActive = (entry: NavEntry): boolean => {
    if (entry.type === 'section') return entry.entries.some(isActive);
    return entry.type === 'link' && entry.isActive(pathname);
  };
  return entries.map((entry) => {
    switch (entry.type) {
      case 'separator':
        return <NavItemSeparator key={entry.id} />;
      case 'section':
        return (
          <NavExpandable
            key={entry.id}
            title={translateExtensionText(entry.name)}
            isActive={isActive(entry)}
            isExpanded
            {...entry.dataAttributes}
          >
            <Entries entries={entry.entries} />
          </NavExpandable>
        );
      case 'link':
        return (
          <NavItem key={entry.id} itemId={entry.id} isActive={isActive(entry)}>
            <Link to={entry.href(namespace)} {...entry.dataAttributes}>
              {translateExtensionText(entry.name)}
            </Link>
          </NavItem>
        );
    }
  });
}
