import { type DraftRule, newRule } from '~/kubevirt/create/placement';
import {
  customCompute,
  type DraftDisk,
  diskDraft,
  mayBeLun,
  type DraftSource,
  type DraftSysprep,
  newDraft,
  noSysprep,
  podNic,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';

/** Numbers of 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** For tests: a draft as somebody could leave the wizard, anything that it offers in any combination. */
export function anyDraft(random: () => number): VmDraft {
  const pick = <T>(...values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const some = () => random() < 0.5;
  const source = (): DraftSource =>
    pick<DraftSource>(
      { kind: 'dataSource', namespace: 'images', name: 'fedora' },
      { kind: 'url', url: 'https://example.org/disk.qcow2' },
      { kind: 'registry', url: 'docker://quay.io/containerdisks/fedora:latest' },
      { kind: 'clone', namespace: 'images', name: 'golden' },
      { kind: 'snapshot', namespace: 'images', name: 'monday' },
      { kind: 'containerDisk', image: 'quay.io/org/disk:1' },
      { kind: 'blank' },
      { kind: 'dataVolume', name: 'uploaded' },
      { kind: 'claim', name: 'data' },
      { kind: 'configMap', name: 'settings' },
      { kind: 'secret', name: 'keys' },
      { kind: 'none' },
    );
  const disk = (name: string): DraftDisk => {
    const from = source();
    const kind =
      from.kind === 'none'
        ? 'cdrom'
        : pick('disk', 'disk', 'cdrom', mayBeLun(from) ? 'lun' : 'disk');
    return {
      ...diskDraft(name, from, Math.ceil(random() * 200) * 2 ** 29),
      storageClass: pick('', 'hostpath-virtualization'),
      accessMode: pick('', 'ReadWriteOnce', 'ReadWriteMany'),
      volumeMode: pick('', 'Filesystem', 'Block'),
      kind,
      bus: kind === 'disk' ? pick('', 'virtio', 'sata', 'scsi') : '',
      cache: pick('', '', 'none', 'writethrough', 'writeback'),
    };
  };
  const rule = (): DraftRule => {
    const kind = pick('apart', 'together', 'nodes');
    const place = kind === 'nodes' ? newRule.place : pick(newRule.place, 'example.org/rack');
    const labels = pick([['app', 'db'] as const], [['app', ''] as const, ['tier', '1'] as const]);
    return { kind, isRequired: some(), labels, place };
  };
  const hasPreference = some();
  const draft: VmDraft = {
    ...newDraft('any', 'default'),
    labels: pick({}, { 'vm.kubevirt.io/template': 'mill' }),
    description: pick('', 'Orders: "all"\n# of them'),
    compute: some()
      ? {
          kind: 'instancetype',
          type: { kind: 'VirtualMachineClusterInstancetype', name: 'u1.nano' },
        }
      : {
          ...customCompute,
          sockets: pick(1, 2),
          cores: pick(1, 3),
          threads: pick(1, 2),
          memory: { value: Math.ceil(random() * 1000) * 2, unit: 'MiB' },
          maxSockets: pick(undefined, 2, 8),
          maxMemory: pick(undefined, { value: 8, unit: 'GiB' as const }),
          isDedicated: some(),
          hugepages: pick('', '2Mi'),
        },
    instanceLabels: some() ? [['app', 'web'] as const] : [],
    devices: pick([], [{ kind: 'gpu', name: 'gpu-1', deviceName: 'example.org/gpu' }]),
    preference: hasPreference
      ? { kind: 'VirtualMachineClusterPreference', name: 'linux' }
      : undefined,
    firmware: pick('', 'BIOS', 'UEFI', 'SecureBoot'),
    disks: [rootDisk, 'second', 'third'].slice(0, pick(1, 2, 3)).map(disk),
    nics: some()
      ? [
          {
            ...{ ...podNic, model: pick('', 'virtio', 'e1000e'), isLinkUp: some() },
            bootOrder: pick(undefined, 2),
          },
          ...(some() ? [{ ...podNic, ...lab, mac: pick('', '02:00:00:12:34:56') }] : []),
        ]
      : [],
    userData: pick('', '#cloud-config\nuser: eve\n', '#!/bin/sh\ntrue\n', longUserData),
    networkData: pick('', 'version: 2\n'),
    sshSecret: pick('', 'keys'),
    sysprep: pick<DraftSysprep>(
      noSysprep,
      { ...noSysprep, kind: 'ConfigMap', name: 'answers' },
      { ...noSysprep, kind: 'Secret', name: 'answers' },
      { ...noSysprep, kind: 'typed', text: '<unattend/>' },
    ),
    runStrategy: pick('Always', 'Halted', 'Manual', 'RerunOnFailure', 'Once'),
    evictionStrategy: pick('', 'None', 'LiveMigrate'),
    nodeSelector: some() ? [['disk', 'fast'] as const] : [],
    rules: [rule(), rule(), rule()].slice(0, pick(0, 1, 3)),
    tolerations: some()
      ? [
          { key: 'dedicated', value: pick('', 'vm'), effect: pick('', 'NoSchedule') },
          { key: '', value: '', effect: pick('', 'NoExecute') },
        ]
      : [],
  };
  const order = random() < 0.3 ? 1 : undefined;
  return {
    ...draft,
    services:
      draft.nics.length > 0
        ? pick([], [{ port: 22, type: 'NodePort' }], [{ port: 8080, type: 'ClusterIP' }])
        : [],
    disks: draft.disks.map((one, at) => (at === 0 ? { ...one, bootOrder: order } : one)),
  };
}

const lab = { name: 'second', network: 'default/lab', binding: 'bridge' } as const;

/** Too long to be within a VM. */
const longUserData = `#cloud-config\nuser: eve\n# ${'x'.repeat(3000)}\n`;
