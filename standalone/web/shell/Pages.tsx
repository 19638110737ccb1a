import { useExtensions } from '@openshift/dynamic-plugin-sdk';
import { useSyncExternalStore } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router';
import { fromReference } from '../k8s/Discovery.ts';
import { namespaceWatch } from '../k8s/NamespaceWatch.ts';
import { CodeRefView } from '../plugins/CodeRefView.tsx';
import { ContextProviders } from '../plugins/ContextProviders.tsx';
import { isNavExtension, isPageRoute, isResourcePage, routePaths } from '../plugins/extensions.ts';
import { allNamespaces, firstLink, navigationTree } from '../plugins/navigationTree.ts';
import type { PluginLoads } from '../plugins/PluginLoads.ts';
import { useActiveNamespace } from '../sdk/useActiveNamespace.ts';
import { NotFoundPage } from './NotFoundPage.tsx';
import { PageLoading } from './PageLoading.tsx';
import { PluginErrorPage } from './PluginErrorPage.tsx';

/** The pages of the plugins by their addresses. */
export function Pages({ plugins }: { plugins: PluginLoads }) {
  const load = useSyncExternalStore(plugins.subscribe, plugins.getSnapshot);
  const routes = useExtensions(isPageRoute);
  switch (load.state) {
    case 'loading':
      return <PageLoading />;
    case 'failed':
      return <PluginErrorPage failures={load.failures} plugins={plugins} />;
    case 'ready':
      return (
        <ContextProviders>
          <Routes>
            <Route path="/" element={<StartPage />} />
            {routes.flatMap((route) =>
              routePaths(route).map((path) => (
                <Route
                  key={`${route.uid} ${path}`}
                  path={path}
                  element={<CodeRefView component={route.properties.component} props={{}} />}
                />
              )),
            )}
            <Route path="/k8s/all-namespaces/:plural" element={<ResourceList />} />
            <Route path="/k8s/cluster/:plural" element={<ResourceList />} />
            <Route path="/k8s/ns/:ns/:plural" element={<ResourceList />} />
            <Route path="/k8s/cluster/:plural/:name/*" element={<ResourceDetails />} />
            <Route path="/k8s/ns/:ns/:plural/:name/*" element={<ResourceDetails />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </ContextProviders>
      );
  }
}

/**
 * The first page of the navigation, in the project last looked at. Who may not list projects can
 * hardly see those of all: they begin in one that they know.
 */
function StartPage() {
  const [last] = useActiveNamespace();
  const namespaces = useSyncExternalStore(namespaceWatch.subscribe, namespaceWatch.getSnapshot);
  const link = firstLink(navigationTree(useExtensions(isNavExtension)));
  if (last === allNamespaces && namespaces.state === 'loading') return <PageLoading />;
  const [known = last] = namespaces.state === 'refused' ? namespaces.names : [];
  const namespace = last === allNamespaces ? known : last;
  return link ? <Navigate to={link.href(namespace)} replace /> : <NotFoundPage />;
}

function useResourcePage(type: 'list' | 'details', reference: string | undefined) {
  const pages = useExtensions(isResourcePage);
  const wanted = fromReference(reference ?? '');
  return pages.find(
    ({ type: pageType, properties: { model } }) =>
      wanted !== undefined &&
      pageType === `console.page/resource/${type}` &&
      model.kind === wanted.kind &&
      (model.group ?? '') === wanted.group &&
      model.version === wanted.version,
  );
}

function ResourceList() {
  const { ns, plural } = useParams();
  const page = useResourcePage('list', plural);
  if (!page) return <NotFoundPage />;
  const { component, model } = page.properties;
  return <CodeRefView component={component} props={{ namespace: ns, model }} />;
}

function ResourceDetails() {
  const { ns, plural = '', name = '' } = useParams();
  const page = useResourcePage('details', plural);
  if (!page) return <NotFoundPage />;
  const props = { namespace: ns, name, kind: plural, model: page.properties.model };
  // Another object is another page, not the same one with other data.
  return <CodeRefView key={`${ns}/${name}`} component={page.properties.component} props={props} />;
}
