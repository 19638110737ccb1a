import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { PatchOperation } from '~/k8s/jsonPatch';
import { vmNameLabel } from '~/kubevirt/vmService';

/** Something beside a VM that may go when the VM goes. */
export interface VmDependent {
  kind: 'DataVolume' | 'VirtualMachineSnapshot' | 'Service' | 'Secret';
  name: string;
  /** It belongs to the VM: the cluster deletes it with the VM, unless it is set free first. */
  isOwned: boolean;
}

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
    }));
  const all = [
    ...of('DataVolume', found.dataVolumes.filter(isOwned)),
    ...of('VirtualMachineSnapshot', found.snapshots.filter(isOfVm)),
    ...of('Service', found.services.filter(serves)),
    ...[...new Set(secretsOf(vm))].map((name): VmDependent => ({
      kind: 'Secret',
      name,
      isOwned: false,
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
