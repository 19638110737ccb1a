import { isDeepStrictEqual } from 'node:util';

import type { V1InstancetypeStatusRef } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { hasReason } from '../../apiserver/ApiError.ts';
import { controllerReference } from '../../client/controllerReference.ts';
import type { Draft, KubeClient } from '../../client/KubeClient.ts';
import { type ControllerRevision, controllerRevisions } from '../../client/resources.ts';
import type { VirtualMachine } from '../resources.ts';
import { applySpecs } from './applySpecs.ts';
import { fieldsOf } from './Conflict.ts';
import { findMatched, type MatcherField } from './findSpecs.ts';
import {
  type Instancetype,
  instancetypeLabels,
  type InstancetypeSpec,
  type Preference,
} from './resources.ts';

export interface PinnedRefs {
  instancetypeRef?: V1InstancetypeStatusRef;
  preferenceRef?: V1InstancetypeStatusRef;
}

/**
 * Keeps a copy of the instance type and the preference of a VM as ControllerRevisions, so that a change
 * to them does not change the VM, and gives the references for its status. Rejects when an object that a
 * VM names is not there or conflicts. KubeVirt: pkg/instancetype/revision/store.go (d923fdb).
 */
export async function pinRevisions(client: KubeClient, vm: VirtualMachine): Promise<PinnedRefs> {
  const instancetypeRef = await pin(client, vm, 'instancetype');
  const preferenceRef = await pin(client, vm, 'preference');
  return { ...(instancetypeRef && { instancetypeRef }), ...(preferenceRef && { preferenceRef }) };
}

async function pin(
  client: KubeClient,
  vm: VirtualMachine,
  field: MatcherField,
): Promise<V1InstancetypeStatusRef | undefined> {
  const matcher = vm.spec[field];
  if (!matcher) return undefined;
  const before = field === 'instancetype' ? vm.status?.instancetypeRef : vm.status?.preferenceRef;
  const ref: V1InstancetypeStatusRef = { ...before };
  for (const part of ['name', 'kind', 'inferFromVolume'] as const) {
    const value = matcher[part];
    if (!value || value === ref[part]) continue;
    ref[part] = value;
    delete ref.controllerRevisionRef;
  }
  if (matcher.inferFromVolumeFailurePolicy !== undefined) {
    ref.inferFromVolumeFailurePolicy = matcher.inferFromVolumeFailurePolicy;
  }
  if (matcher.revisionName) ref.controllerRevisionRef = { name: matcher.revisionName };
  if (!ref.controllerRevisionRef) {
    const matched = await findMatched(client, vm, field);
    if (!matched) return undefined;
    if (field === 'instancetype') refuseConflicts(vm, matched.spec as InstancetypeSpec);
    ref.controllerRevisionRef = { name: await store(client, vm, matched) };
  }
  return ref;
}

/** The instance type may have changed since virt-api admitted the VM. */
function refuseConflicts({ spec: { template } }: VirtualMachine, instancetype: InstancetypeSpec) {
  if (!template.spec) return;
  const target = {
    path: 'spec.template.spec',
    spec: structuredClone(template.spec),
    metadata: structuredClone(template.metadata ?? {}),
  };
  const conflicts = applySpecs(target, { instancetype, preference: undefined });
  if (conflicts.length === 0) return;
  throw new Error(`VM field(s) ${fieldsOf(conflicts)} conflicts with selected instance type`);
}

/** Creates the revision unless it is there already; gives its name. */
async function store(
  client: KubeClient,
  vm: VirtualMachine,
  object: Instancetype | Preference,
): Promise<string> {
  const draft = revisionOf(vm, object);
  const { name = '', namespace } = draft.metadata;
  try {
    await client.create(controllerRevisions, draft);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    const there = await client.get(controllerRevisions, { name, namespace });
    const { spec } = there.data as Instancetype | Preference;
    if (!isDeepStrictEqual(spec, object.spec)) {
      throw new Error(`found existing ControllerRevision with unexpected data: ${name}`, {
        cause: error,
      });
    }
  }
  return name;
}

function revisionOf(
  vm: VirtualMachine,
  { apiVersion, kind, metadata, spec }: Instancetype | Preference,
): Draft<ControllerRevision> {
  const version = apiVersion.split('/')[1] ?? apiVersion;
  const { name, uid, generation = 1, resourceVersion, creationTimestamp, namespace } = metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${vm.metadata.name}-${name}-${version}-${uid}-${generation}`,
      ...(vm.metadata.namespace && { namespace: vm.metadata.namespace }),
      labels: {
        [instancetypeLabels.objectName]: name,
        [instancetypeLabels.objectKind]: kind,
        [instancetypeLabels.objectUid]: uid,
        [instancetypeLabels.objectGeneration]: String(generation),
        [instancetypeLabels.objectVersion]: version,
      },
      ownerReferences: [controllerReference('kubevirt.io/v1', 'VirtualMachine', vm.metadata)],
    },
    data: {
      apiVersion,
      kind,
      metadata: {
        name,
        uid,
        generation,
        resourceVersion,
        creationTimestamp,
        ...(namespace && { namespace }),
      },
      spec,
    },
    revision: 0,
  };
}
