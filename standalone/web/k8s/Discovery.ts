import { consoleFetchJSON } from '../sdk/consoleFetch.ts';
import { HttpError } from '../sdk/HttpError.ts';

export interface GroupVersionKind {
  group?: string;
  version: string;
  kind: string;
}

/** A kind of the cluster, in the shape that the OpenShift console's SDK gives to plugins. */
export interface K8sModel {
  apiGroup: string;
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  abbr: string;
  label: string;
  labelPlural: string;
  verbs: readonly string[];
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** The capitals of a kind, at most three: VirtualMachineInstance is VMI. */
export function abbreviate(kind: string): string {
  return kind.replaceAll(/[^A-Z]/g, '').slice(0, 3) || kind.slice(0, 1).toUpperCase();
}

/**
 * The API's own list of its kinds. Only groups that somebody asks for are fetched, each once;
 * a failure is forgotten, so that the next question asks again.
 */
export class Discovery {
  private readonly groups = new Map<string, Promise<readonly K8sModel[]>>();

  /** The kinds of a group version; empty when the cluster does not have it. */
  models(group: string, version: string): Promise<readonly K8sModel[]> {
    const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
    const known = this.groups.get(path);
    if (known) return known;
    const asked = fetchModels(path, group, version);
    this.groups.set(path, asked);
    asked.catch(() => this.groups.delete(path));
    return asked;
  }

  async model({ group = '', version, kind }: GroupVersionKind): Promise<K8sModel | undefined> {
    return (await this.models(group, version)).find((model) => model.kind === kind);
  }
}

async function fetchModels(
  path: string,
  apiGroup: string,
  apiVersion: string,
): Promise<readonly K8sModel[]> {
  let list: { resources?: ApiResource[] };
  try {
    list = (await consoleFetchJSON(`/api/kubernetes${path}`)) as typeof list;
  } catch (error) {
    if (error instanceof HttpError && error.code === 404) return [];
    throw error;
  }
  return (list.resources ?? [])
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      apiGroup,
      apiVersion,
      kind,
      plural: name,
      namespaced,
      abbr: abbreviate(kind),
      label: kind,
      labelPlural: `${kind}s`,
      verbs,
    }));
}

/** The page's one discovery. */
export const discovery = new Discovery();

/** `group~version~Kind`, the form in addresses; `core` stands for the group without a name. */
export function toReference({ group, version, kind }: GroupVersionKind): string {
  return `${group || 'core'}~${version}~${kind}`;
}

export function fromReference(reference: string): GroupVersionKind | undefined {
  const [group, version, kind, ...rest] = reference.split('~');
  if (!group || !version || !kind || rest.length > 0) return undefined;
  return { group: group === 'core' ? '' : group, version, kind };
}
