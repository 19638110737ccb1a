import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { PatchOperation } from '~/k8s/jsonPatch';
import {
  dataVolumes,
  type Model,
  resourcePath,
  secrets,
  services,
  virtualMachineSnapshots,
} from '~/k8s/models';
import { shellQuote } from '~/k8s/shellQuote';
import { type KubernetesCall, vmCall, vmCommand, type VmRef } from '~/kubevirt/vmCall';
import { vmNameLabel } from '~/kubevirt/vmService';

/** Something beside a VM that may go when the VM goes. */
export interface VmDependent {
  kind: 'DataVolume' | 'VirtualMachineSnapshot' | 'Service' | 'Secret';
  name: string;
  /** It belongs to the VM: the cluster deletes it with the VM, unless it is set free first. */
  isOwned: boolean;
  /** Sets it free from the VM; empty when it does not belong to it. */
  disown: readonly PatchOperation[];
}

/** Whether it goes with the VM, as the user chose. */
export type DependentChoice = VmDependent & { goes: boolean };

/** The part of any object that is looked at. */
export interface Candidate {
  metadata?: {
    name?: string;
    uid?: string;
    ownerReferences?: { uid?: string }[];
  };
  /** Of a Service: labels of the pods it serves; of a snapshot: what it is of. */
  spec?: {
    selector?: Readonly<Record<string, string>>;
    source?: { kind?: string; name?: string };
  };
}

/** What was found in the VM's namespace. */
export interface Candidates {
  dataVolumes: readonly Candidate[];
  snapshots: readonly Candidate[];
  services: readonly Candidate[];
}

function secretsOf({ spec }: V1VirtualMachine): string[] {
  const template = spec.template.spec;
  const names = (template?.volumes ?? []).flatMap((volume) => [
    volume.secret?.secretName,
    volume.cloudInitNoCloud?.secretRef?.name,
    volume.cloudInitNoCloud?.networkDataSecretRef?.name,
    volume.cloudInitConfigDrive?.secretRef?.name,
    volume.cloudInitConfigDrive?.networkDataSecretRef?.name,
    volume.sysprep?.secret?.name,
  ]);
  const credentials = (template?.accessCredentials ?? []).flatMap(
    ({ sshPublicKey, userPassword }) => [
      sshPublicKey?.source.secret?.secretName,
      userPassword?.source.secret?.secretName,
    ],
  );
  return [...names, ...credentials].flatMap((name) => (name ? [name] : []));
}

/** All that may go along with a VM, those first that go by themselves. */
export function vmDependents(vm: V1VirtualMachine, found: Candidates): readonly VmDependent[] {
  const { uid, name: vmName = '' } = vm.metadata ?? {};
  const isOwned = ({ metadata }: Candidate) =>
    uid !== undefined && (metadata?.ownerReferences ?? []).some((one) => one.uid === uid);
  const labels: Readonly<Record<string, string>> = {
    [vmNameLabel]: vmName,
    ...vm.spec.template.metadata?.labels,
  };
  const serves = ({ spec }: Candidate) => {
    const wanted = Object.entries(spec?.selector ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  };
  const isOfVm = ({ spec }: Candidate) =>
    spec?.source?.kind === 'VirtualMachine' && spec.source.name === vmName;
  const of = (kind: VmDependent['kind'], list: readonly Candidate[]) =>
    list.map((one): VmDependent => ({
      kind,
      name: one.metadata?.name ?? '',
      isOwned: isOwned(one),
      disown: patchDisown(one, uid ?? ''),
    }));
  const all = [
    ...of('DataVolume', found.dataVolumes.filter(isOwned)),
    ...of('VirtualMachineSnapshot', found.snapshots.filter(isOfVm)),
    ...of('Service', found.services.filter(serves)),
    ...[...new Set(secretsOf(vm))].map((name): VmDependent => ({
      kind: 'Secret',
      name,
      isOwned: false,
      disown: [],
    })),
  ];
  return all.sort((a, b) => Number(b.isOwned) - Number(a.isOwned));
}

/** Sets an object free from an owner; nothing when it does not belong to it. */
export function patchDisown({ metadata }: Candidate, ownerUid: string): readonly PatchOperation[] {
  const index = (metadata?.ownerReferences ?? []).findIndex(({ uid }) => uid === ownerUid);
  if (index < 0) return [];
  const path = `/metadata/ownerReferences/${index}`;
  return [
    { op: 'test', path: `${path}/uid`, value: ownerUid },
    { op: 'remove', path },
  ];
}

const models: Record<VmDependent['kind'], Model> = {
  DataVolume: dataVolumes,
  VirtualMachineSnapshot: virtualMachineSnapshots,
  Service: services,
  Secret: secrets,
};

/** One step of a deletion, for the API and for a terminal. */
export interface DeletionStep {
  call: KubernetesCall;
  command: string;
  /** It may be gone already: several VMs can name it. */
  mayBeGone: boolean;
}

/**
 * All that is sent to delete a VM and what was chosen, in order: what belongs to it and is to stay is set free,
 * the VM goes, and then what does not belong to it and is to go.
 */
export function deletionSteps(
  vm: VmRef,
  choices: readonly DependentChoice[],
): readonly DeletionStep[] {
  const { namespace } = vm;
  const pathOf = ({ kind, name }: VmDependent) => resourcePath(models[kind], { namespace, name });
  const at = ({ kind, name }: VmDependent) =>
    `${kind.toLowerCase()} ${shellQuote(name)} --namespace ${shellQuote(namespace)}`;
  const stay = choices.filter(({ isOwned, goes }) => isOwned && !goes);
  const follow = choices.filter(({ isOwned, goes }) => !isOwned && goes);
  return [
    ...stay.map((one) => ({
      call: { method: 'PATCH' as const, path: pathOf(one), body: one.disown },
      command: `kubectl patch ${at(one)} --type json --patch ${shellQuote(JSON.stringify(one.disown))}`,
      mayBeGone: false,
    })),
    {
      call: vmCall(vm, { action: 'delete' }),
      command: vmCommand(vm, { action: 'delete' }),
      mayBeGone: false,
    },
    ...follow.map((one) => ({
      call: { method: 'DELETE' as const, path: pathOf(one) },
      command: `kubectl delete ${at(one)} --ignore-not-found`,
      mayBeGone: true,
    })),
  ];
}
