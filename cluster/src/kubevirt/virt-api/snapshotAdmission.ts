import { deniedByWebhook, type StatusCause } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { findNewest } from '../../client/findNewest.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { needsState } from '../virt-controller/backendStorage.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  vmRestores,
  vmSnapshotContents,
  vmSnapshots,
} from '../virt-controller/snapshot/resources.ts';

const restoreWebhook = 'virtualmachinerestore-validator.snapshot.kubevirt.io';

type Cause = Pick<StatusCause, 'reason' | 'message' | 'field'>;

const deny = (webhook: string, cause: Cause) => deniedByWebhook(webhook, [cause]);

/** KubeVirt's webhook for VirtualMachineSnapshots (SADM/vmsnapshot.go, d923fdb). */
export const snapshotAdmission: Admission<VirtualMachineSnapshot> = {
  validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const webhook = 'virtualmachinesnapshot-validator.snapshot.kubevirt.io';
    const { spec } = context.object;
    if (context.operation === 'UPDATE') {
      refuseChange(webhook, spec, context.oldObject.spec);
      return;
    }
    refuseReference(webhook, 'spec.source', spec.source);
  },
};

/** KubeVirt's webhook for VirtualMachineRestores (SADM/vmrestore.go, d923fdb). */
export const restoreAdmission: Admission<VirtualMachineRestore> = {
  async validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const webhook = restoreWebhook;
    const { spec } = context.object;
    if (context.operation === 'UPDATE') {
      refuseChange(webhook, spec, context.oldObject.spec);
      return;
    }
    refuseReference(webhook, 'spec.target', spec.target);
    refusePolicies(spec);
    for (const patch of spec.patches ?? []) refusePatch(webhook, patch);
    const { items } = await context.client.list(vmRestores, { namespace: context.namespace });
    const other = items.find(
      (one) =>
        one.spec.target.name === spec.target.name &&
        !one.status?.complete &&
        !one.status?.conditions?.some(({ type }) => type === 'Failure'),
    );
    if (other) {
      const message = `VirtualMachineRestore "${other.metadata.name}" in progress`;
      throw deny(webhook, { reason: 'FieldValueInvalid', message, field: 'spec.target' });
    }
    await refuseStateElsewhere(context.client, context.object);
  },
};

/** What a TPM and the firmware keep stays with its VM. */
async function refuseStateElsewhere(
  client: KubeClient,
  { metadata: { namespace }, spec }: VirtualMachineRestore,
): Promise<void> {
  const snapshot = await findNewest(client, vmSnapshots, {
    namespace,
    name: spec.virtualMachineSnapshotName,
  });
  const name = snapshot?.status?.virtualMachineSnapshotContentName;
  if (name === undefined || snapshot?.spec.source.name === spec.target.name) return;
  const content = await findNewest(client, vmSnapshotContents, { namespace, name });
  const kept = content?.spec.source.virtualMachine.spec.template.spec;
  if (!kept || !needsState({ spec: kept })) return;
  const message =
    'Restore to a different VM is not supported when snapshotted VM has backend storage (persistent TPM or EFI)';
  throw deny(restoreWebhook, { reason: 'FieldValueInvalid', message, field: 'spec.target' });
}

function refuseChange(webhook: string, spec: object, before: object): void {
  if (JSON.stringify(spec) === JSON.stringify(before)) return;
  // The misspelling is KubeVirt's.
  const message = 'spec in immutable after creation';
  throw deny(webhook, { reason: 'FieldValueInvalid', message, field: 'spec' });
}

function refuseReference(
  webhook: string,
  field: string,
  { apiGroup, kind }: { apiGroup?: string; kind: string },
): void {
  if (!apiGroup) {
    const message = 'missing apiGroup';
    throw deny(webhook, { reason: 'FieldValueNotFound', message, field: `${field}.apiGroup` });
  }
  if (apiGroup !== 'kubevirt.io') {
    const message = 'invalid apiGroup';
    throw deny(webhook, { reason: 'FieldValueInvalid', message, field: `${field}.apiGroup` });
  }
  if (kind !== 'VirtualMachine') {
    const message = 'invalid kind';
    throw deny(webhook, { reason: 'FieldValueInvalid', message, field: `${field}.kind` });
  }
}

function refusePolicies(spec: VirtualMachineRestore['spec']): void {
  const {
    volumeRestorePolicy: names,
    volumeOwnershipPolicy: owner,
    volumeRestoreOverrides: overrides = [],
  } = spec;
  const refuse = (field: string, message: string) =>
    deny(restoreWebhook, { reason: 'FieldValueInvalid', message, field: `spec.${field}` });
  if (names && !['RandomizeNames', 'InPlace', 'PrefixTargetName'].includes(names)) {
    throw refuse('volumeRestorePolicy', `volume restore policy "${names}" doesn't exist`);
  }
  if (owner && !['Vm', 'None'].includes(owner)) {
    throw refuse('volumeOwnershipPolicy', `volume ownership policy "${owner}" doesn't exist`);
  }
  for (const { volumeName, restoreName, labels, annotations } of overrides) {
    if (!volumeName) throw refuse('volumeRestoreOverrides', 'must provide a volume name');
    if (!restoreName && !labels && !annotations) {
      throw refuse('volumeRestoreOverrides', 'must provide at least one override');
    }
  }
}

function refusePatch(webhook: string, text: string): void {
  const refuse = (message: string) =>
    deny(webhook, { reason: 'FieldValueInvalid', message, field: 'spec.patches' });
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    throw refuse(`patch is not valid JSON (${text})`);
  }
  const path = typeof patch === 'object' && patch && 'path' in patch ? patch.path : undefined;
  const allowed = /^\/(spec|metadata\/labels|metadata\/annotations)(\/|$)/;
  if (typeof path !== 'string' || !allowed.test(path)) {
    throw refuse(`patching is valid only for elements under /spec/ only: ${text}`);
  }
}
