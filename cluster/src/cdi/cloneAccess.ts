import { serviceAccountGroups } from '../apiserver/auth/ServiceAccountTokens.ts';
import { authenticatedGroup } from '../apiserver/auth/UserInfo.ts';
import { findNewest } from '../client/findNewest.ts';
import { isAllowed } from '../client/isAllowed.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import type { SubjectAccessReview } from '../client/resources.ts';
import { dataSources } from './resources.ts';

interface Cloner {
  username: string;
  groups: readonly string[];
}

type Right = Omit<SubjectAccessReview['spec']['resourceAttributes'], 'verb' | 'namespace' | 'name'>;

interface Place {
  namespace?: string;
  name: string;
}

/** The part of a DataVolume's spec that says what is cloned. */
interface Cloned {
  source?: { pvc?: Place; snapshot?: Place };
  sourceRef?: Place;
}

interface Origin {
  of: 'claim' | 'snapshot';
  namespace: string;
  name: string;
}

const toClone: Right = {
  group: 'cdi.kubevirt.io',
  resource: 'datavolumes',
  subresource: 'source',
};
const toMakePods: Right = { resource: 'pods' };
const toMakeClaims: Right = { resource: 'persistentvolumeclaims' };

/** The service account `name` of a namespace as one who clones, in all groups that it logs in with. */
export function serviceAccount(namespace: string, name: string): Cloner {
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    groups: [...serviceAccountGroups(namespace), authenticatedGroup],
  };
}

/**
 * Why `cloner` may not clone what a DataVolume of `namespace` names as its source; undefined when it may.
 * Within a namespace everybody may. From another one it takes the right to create `datavolumes/source`, or
 * pods, which could read the disk anyway (CDI: authorize_utils.go of the API, c07cdb6; there the second right
 * for snapshots is on `pvcs`, a resource that does not exist).
 */
export async function cloneRefusal(
  client: KubeClient,
  spec: Cloned,
  namespace: string,
  cloner: Cloner,
): Promise<string | undefined> {
  const origin = await originOf(client, spec, namespace);
  if (!origin || origin.namespace === namespace) return undefined;
  const place = { namespace: origin.namespace, name: origin.name };
  const may = (right: Right) => isAllowed(client, cloner, { verb: 'create', ...place, ...right });
  if (await may(toClone)) return undefined;
  if ((await may(toMakePods)) && (origin.of === 'claim' || (await may(toMakeClaims)))) {
    return undefined;
  }
  return `User ${cloner.username} has insufficient permissions in clone source namespace ${origin.namespace}`;
}

/** The claim or the snapshot that would be cloned; a DataSource may lead to another one, but no further. */
async function originOf(
  client: KubeClient,
  { source, sourceRef }: Cloned,
  own: string,
): Promise<Origin | undefined> {
  let found: Cloned['source'] = source;
  if (!source && sourceRef) {
    const key = { namespace: sourceRef.namespace || own, name: sourceRef.name };
    const first = await dataSource(client, key);
    const next = first?.dataSource;
    found = next ? await dataSource(client, next) : first;
  }
  const of = found?.pvc ? 'claim' : 'snapshot';
  const named = found?.pvc ?? found?.snapshot;
  return named && { of, namespace: named.namespace || own, name: named.name };
}

async function dataSource(client: KubeClient, key: { namespace: string; name: string }) {
  // While it is missing there is nothing to clone; what comes later is asked about by nobody, as in CDI.
  return (await findNewest(client, dataSources, key))?.spec.source;
}
