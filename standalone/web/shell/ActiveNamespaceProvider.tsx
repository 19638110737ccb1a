import { createContext, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { allNamespaces } from '../plugins/navigationTree.ts';
import { serverFlags } from '../serverFlags.ts';
import { readStored, store } from './stored.ts';

type ActiveNamespace = [string, (namespace: string) => void];

export const ActiveNamespaceContext = createContext<ActiveNamespace>([
  allNamespaces,
  () => {
    throw new Error('useActiveNamespace works only on pages of the console.');
  },
]);

/** Another context is another user, or another cluster. */
function storageKey(): string {
  return `last-namespace/${serverFlags().clusterContext}`;
}

/** The namespace that an address names; undefined for addresses without one. */
export function namespaceOfPath(path: string): string | undefined {
  if (/^\/k8s\/all-namespaces(\/|$)/.test(path)) return allNamespaces;
  const encoded = /^\/k8s\/ns\/([^/]+)/.exec(path)?.[1];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

/**
 * The same page for another namespace. A page of one object leads to the list of its kind, for an
 * object of that name need not exist there.
 */
export function pathForNamespace(path: string, namespace: string): string {
  const rest = /^\/k8s\/(?:ns\/[^/]+|all-namespaces)(?:\/([^/]+))?/.exec(path)?.[1];
  const scope =
    namespace === allNamespaces ? 'all-namespaces' : `ns/${encodeURIComponent(namespace)}`;
  return `/k8s/${scope}${rest ? `/${rest}` : ''}`;
}

/** Knows the chosen namespace: that of the address, else the last one. */
export function ActiveNamespaceProvider({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [last, setLast] = useState(() => readStored(storageKey()) ?? allNamespaces);
  const named = namespaceOfPath(pathname);
  const active = named ?? last;
  // Remembered for the next visit.
  useEffect(() => {
    store(storageKey(), active);
  }, [active]);

  const isNamedByAddress = named !== undefined;
  const choose = useCallback(
    (namespace: string) => {
      setLast(namespace);
      if (isNamedByAddress) void navigate(pathForNamespace(pathname, namespace));
    },
    [isNamedByAddress, navigate, pathname],
  );
  if (named !== undefined && named !== last) setLast(named);
  const value = useMemo<ActiveNamespace>(() => [active, choose], [active, choose]);
  return (
    <ActiveNamespaceContext.Provider value={value}>{children}</ActiveNamespaceContext.Provider>
  );
}
