export { NamespaceBar } from '@openshift-console/dynamic-plugin-sdk';

/** What the console calls the choice of all namespaces (dynamic-plugin-sdk ALL_NAMESPACES_KEY). */
export const allNamespaces = '#ALL_NS#';

/** The namespace to ask for: undefined for all, whichever way the console says so. */
export function namespaceScope(namespace: string | undefined): string | undefined {
  return namespace === undefined || namespace === '' || namespace === allNamespaces
    ? undefined
    : namespace;
}
