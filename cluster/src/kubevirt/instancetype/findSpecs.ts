import { hasReason } from '../../apiserver/ApiError.ts';
import type { KubeClient, ResourceRef } from '../../client/KubeClient.ts';
import { type ControllerRevision, controllerRevisions } from '../../client/resources.ts';
import type { VirtualMachine } from '../resources.ts';
import {
  clusterInstancetypes,
  clusterPreferences,
  type Instancetype,
  instancetypeLabels,
  instancetypes,
  type InstancetypeSpec,
  type Preference,
  preferences,
  type PreferenceSpec,
} from './resources.ts';

export interface Specs {
  instancetype: InstancetypeSpec | undefined;
  preference: PreferenceSpec | undefined;
}

/** The two fields of a VM that name an instance type or a preference. */
export type MatcherField = 'instancetype' | 'preference';

const kinds = {
  instancetype: { single: instancetypes, cluster: clusterInstancetypes, name: 'Instancetype' },
  preference: { single: preferences, cluster: clusterPreferences, name: 'Preference' },
} as const;

/** The resource that a matcher's kind names; the cluster's when it names none. Throws for any other. */
export function matchedResource(
  field: MatcherField,
  kind: string | undefined,
): ResourceRef<Instancetype> | ResourceRef<Preference> {
  const { single, cluster, name } = kinds[field];
  switch ((kind ?? '').toLowerCase()) {
    case single.plural:
    case single.kind.toLowerCase():
      return single;
    case '':
    case cluster.plural:
    case cluster.kind.toLowerCase():
      return cluster;
    default:
      throw new Error(`got unexpected kind in ${name}Matcher: ${kind ?? ''}`);
  }
}

/** The object that a VM names; undefined when it names none. Rejects when there is no such object. */
export async function findMatched(
  client: KubeClient,
  vm: VirtualMachine,
  field: MatcherField,
): Promise<Instancetype | Preference | undefined> {
  const matcher = vm.spec[field];
  if (!matcher) return undefined;
  const resource = matchedResource(field, matcher.kind);
  const { namespace } = vm.metadata;
  return client.get<Instancetype | Preference>(resource, {
    name: matcher.name ?? '',
    ...(resource.namespaced && { namespace }),
  });
}

/** The revision that a VM is pinned to; one of another instance type does not count. */
async function findRevision(
  client: KubeClient,
  vm: VirtualMachine,
  field: MatcherField,
): Promise<ControllerRevision | undefined> {
  const { namespace } = vm.metadata;
  const matcher = vm.spec[field];
  if (matcher?.revisionName) {
    return client.get(controllerRevisions, { namespace, name: matcher.revisionName });
  }
  const ref = field === 'instancetype' ? vm.status?.instancetypeRef : vm.status?.preferenceRef;
  const name = ref?.controllerRevisionRef?.name;
  if (!name) return undefined;
  const revision = await client.get(controllerRevisions, { namespace, name });
  const of = revision.metadata.labels?.[instancetypeLabels.objectName];
  return of === matcher?.name ? revision : undefined;
}

async function findSpec(client: KubeClient, vm: VirtualMachine, field: MatcherField) {
  if (!vm.spec[field]) return undefined;
  const revision = await findRevision(client, vm, field);
  // What we stored ourselves, or what a user pinned: its shape is that of the object.
  const stored = revision?.data as Instancetype | Preference | undefined;
  return stored ? stored.spec : (await findMatched(client, vm, field))?.spec;
}

/** The instance type that a VM uses: its pinned revision, else the object. Rejects when there is none. */
export const findInstancetype = (client: KubeClient, vm: VirtualMachine) =>
  findSpec(client, vm, 'instancetype') as Promise<InstancetypeSpec | undefined>;

/** The preference that a VM uses, found like its instance type. */
export const findPreference = (client: KubeClient, vm: VirtualMachine) =>
  findSpec(client, vm, 'preference') as Promise<PreferenceSpec | undefined>;

/** Both; what is not found is as if the VM did not name it, as virt-api's webhooks have it. */
export async function findSpecsIfAny(client: KubeClient, vm: VirtualMachine): Promise<Specs> {
  const [instancetype, preference] = await Promise.all([
    findInstancetype(client, vm).catch(ignoreMissing),
    findPreference(client, vm).catch(ignoreMissing),
  ]);
  return { instancetype, preference };
}

function ignoreMissing(error: unknown): undefined {
  const unknownKind = error instanceof Error && error.message.startsWith('got unexpected kind');
  if (hasReason(error, 'NotFound') || unknownKind) return undefined;
  throw error;
}
