import type { NavExtension } from './extensions.ts';
import { toReference } from '../k8s/Discovery.ts';

/** The choice of all namespaces, as the OpenShift console names it. */
export const allNamespaces = '#ALL_NS#';

export type NavEntry =
  | {
      type: 'section';
      id: string;
      name: string;
      dataAttributes: Record<string, string>;
      entries: NavEntry[];
    }
  | { type: 'separator'; id: string }
  | {
      type: 'link';
      id: string;
      name: string;
      dataAttributes: Record<string, string>;
      /** Address for a namespace (or all of them). */
      href(namespace: string): string;
      /** Whether the page at a path belongs to this link. */
      isActive(path: string): boolean;
    };

function asList(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/**
 * Orders the entries: each goes before or behind the first named neighbour that exists, others to
 * the end in the order of the manifest. Entries whose neighbour comes later are tried again.
 */
function ordered(extensions: readonly NavExtension[]): NavExtension[] {
  const result: NavExtension[] = [];
  const waiting = [...extensions];
  const place = (extension: NavExtension, mayAppend: boolean): boolean => {
    const { insertBefore, insertAfter } = extension.properties;
    const at = (ids: string[]) =>
      ids.map((id) => result.findIndex((other) => other.properties.id === id)).find((i) => i >= 0);
    const before = at(asList(insertBefore));
    const after = at(asList(insertAfter));
    if (before !== undefined) result.splice(before, 0, extension);
    else if (after !== undefined) result.splice(after + 1, 0, extension);
    else if (mayAppend || (!insertBefore && !insertAfter)) result.push(extension);
    else return false;
    return true;
  };
  while (waiting.length > 0) {
    const index = waiting.findIndex((extension) => place(extension, false));
    if (index >= 0) waiting.splice(index, 1);
    else {
      const [first] = waiting.splice(0, 1);
      if (first) place(first, true);
    }
  }
  return result;
}

function namespacePath(namespace: string): string {
  return namespace === allNamespaces ? 'all-namespaces' : `ns/${namespace}`;
}

function toEntry(extension: NavExtension, children: NavEntry[]): NavEntry {
  const { type, properties } = extension;
  const { id, name = id, dataAttributes = {} } = properties;
  const base = { id, name, dataAttributes };
  switch (type) {
    case 'console.navigation/separator':
      return { type: 'separator', id };
    case 'console.navigation/section':
      return { type: 'section', ...base, entries: children };
    case 'console.navigation/href': {
      const { href, prefixNamespaced, namespaced, startsWith = [] } = properties;
      const bare = href.replace(/^\//, '');
      return {
        type: 'link',
        ...base,
        href: (namespace) => {
          if (prefixNamespaced) return `/k8s/${namespacePath(namespace)}/${bare}`;
          return namespaced ? `/${bare}/${namespacePath(namespace)}` : `/${bare}`;
        },
        isActive: (path) => {
          const own = path.replace(/^\/(k8s\/(ns\/[^/]+|all-namespaces)\/)?/, '');
          return [bare, ...startsWith].some((one) => own === one || own.startsWith(`${one}/`));
        },
      };
    }
    case 'console.navigation/resource-ns':
    case 'console.navigation/resource-cluster': {
      const { model, startsWith = [] } = properties;
      const reference = toReference(model);
      const isNamespaced = type === 'console.navigation/resource-ns';
      return {
        type: 'link',
        ...base,
        href: (namespace) =>
          `/k8s/${isNamespaced ? namespacePath(namespace) : 'cluster'}/${reference}`,
        isActive: (path) => {
          const own = /^\/k8s\/(?:ns\/[^/]+|all-namespaces|cluster)\/([^/]+)/.exec(path)?.[1] ?? '';
          return own === reference || startsWith.includes(own);
        },
      };
    }
  }
}

/** The side navigation from the extensions that are in use; sections without a link are left out. */
export function navigationTree(extensions: readonly NavExtension[]): NavEntry[] {
  const inSection = (section: string | undefined): NavEntry[] =>
    ordered(extensions.filter(({ properties }) => properties.section === section))
      .map((extension) =>
        toEntry(
          extension,
          extension.type === 'console.navigation/section' ? inSection(extension.properties.id) : [],
        ),
      )
      .filter((entry) => entry.type !== 'section' || entry.entries.length > 0);
  return inSection(undefined);
}

export function firstLink(
  entries: readonly NavEntry[],
): Extract<NavEntry, { type: 'link' }> | undefined {
  for (const entry of entries) {
    const found = entry.type === 'section' ? firstLink(entry.entries) : entry;
    if (found?.type === 'link') return found;
  }
  return undefined;
}
