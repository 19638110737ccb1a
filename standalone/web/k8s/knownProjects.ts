import { consoleFetchJSON } from '../sdk/consoleFetch.ts';
import { serverFlags } from '../serverFlags.ts';
import { readStored, store } from '../shell/stored.ts';

const kept = 20;

function storageKey(): string {
  return `known-projects/${serverFlags().clusterContext}`;
}

/**
 * Projects of a user who may list none: that of the kubeconfig's context, then those that they named
 * before, the last one first.
 */
export function knownProjects(): readonly string[] {
  const named = (readStored(storageKey()) ?? '').split(' ');
  const { contextNamespace } = serverFlags();
  return [...new Set([contextNamespace ?? '', ...named])].filter((name) => name !== '');
}

/** Keeps a name for `knownProjects`, if there is such a project and the user may see it. */
export async function rememberProject(name: string): Promise<void> {
  try {
    await consoleFetchJSON(`/api/kubernetes/api/v1/namespaces/${encodeURIComponent(name)}`);
  } catch {
    // Its page says what is wrong with it; there is nothing to keep.
    return;
  }
  store(storageKey(), [...new Set([name, ...knownProjects()])].slice(0, kept).join(' '));
}
