import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { describe, expect, it } from 'vitest';
import { editVm } from './editVm';
import { effectOf, pendingChanges } from './vmEffect';

const vm: V1VirtualMachine = {
  spec: {
    template: {
      spec: {
        domain: {
          cpu: { sockets: 1, cores: 1 },
          memory: { guest: '1Gi' },
          devices: { disks: [{ name: 'root' }], interfaces: [{ name: 'default' }] },
        },
        volumes: [{ name: 'root', dataVolume: { name: 'web' } }],
      },
    },
  },
};

function running(canMigrate: boolean): V1VirtualMachineInstance {
  const spec = structuredClone(vm.spec.template.spec!);
  spec.domain.cpu = { sockets: 1, cores: 1, threads: 1, model: 'host-model', maxSockets: 4 };
  spec.domain.memory = { guest: '1Gi', maxGuest: '4Gi' };
  const conditions = [{ type: 'LiveMigratable', status: canMigrate ? 'True' : 'False' }];
  return { spec, status: { phase: 'Running', conditions, memory: { guestAtBoot: '1Gi' } } };
}

const edits: Readonly<Record<string, V1VirtualMachine>> = {
  description: { ...vm, metadata: { annotations: { description: 'x' } } },
  moreSockets: editVm(vm, (_draft, { domain }) => (domain.cpu!.sockets = 2)),
  tooManySockets: editVm(vm, (_draft, { domain }) => (domain.cpu!.sockets = 8)),
  moreCores: editVm(vm, (_draft, { domain }) => (domain.cpu!.cores = 2)),
  moreMemory: editVm(vm, (_draft, { domain }) => (domain.memory!.guest = '2Gi')),
  lessMemory: editVm(vm, (_draft, { domain }) => (domain.memory!.guest = '512Mi')),
  nodeSelector: editVm(vm, (_draft, spec) => (spec.nodeSelector = { zone: 'a' })),
  hostname: editVm(vm, (_draft, spec) => (spec.hostname = 'x')),
  hotDisk: editVm(vm, (_draft, spec) => {
    spec.domain.devices.disks!.push({ name: 'data' });
    spec.volumes!.push({ name: 'data', dataVolume: { name: 'data', hotpluggable: true } });
  }),
  coldDisk: editVm(vm, (_draft, spec) => {
    spec.domain.devices.disks!.push({ name: 'data' });
    spec.volumes!.push({ name: 'data', dataVolume: { name: 'data' } });
  }),
  linkDown: editVm(vm, (_draft, { domain }) => {
    domain.devices.interfaces![0]!.state = 'down';
  }),
};

describe('effectOf', () => {
  it.each([
    ['description', 'now'],
    ['moreSockets', 'now'],
    ['tooManySockets', 'restart'],
    ['moreCores', 'restart'],
    ['moreMemory', 'now'],
    ['lessMemory', 'restart'],
    ['nodeSelector', 'now'],
    ['hostname', 'restart'],
    ['hotDisk', 'now'],
    ['coldDisk', 'restart'],
    ['linkDown', 'now'],
  ])('of %s in a guest that can migrate is %s', (edit, effect) => {
    expect(effectOf(vm, edits[edit]!, running(true))).toBe(effect);
  });

  it('of more CPUs needs a restart where the guest cannot migrate', () => {
    expect(effectOf(vm, edits['moreSockets']!, running(false))).toBe('restart');
  });

  it('of a VM that does not run is at the next start', () => {
    expect(effectOf(vm, edits['hostname']!, undefined)).toBe('nextStart');
  });
});

describe('pendingChanges', () => {
  it('has none after a start, whatever the server adds', () => {
    expect(pendingChanges(vm, running(true))).toEqual([]);
  });

  it('tells what is and what will be', () => {
    expect(pendingChanges(edits['moreCores']!, running(true))).toEqual([
      { label: 'CPU topology', now: '1 × 1 × 1', next: '1 × 2 × 1' },
    ]);
  });

  it('knows one amount in two ways', () => {
    const same = editVm(vm, (_draft, { domain }) => (domain.memory!.guest = '1024Mi'));
    expect(pendingChanges(same, running(true))).toEqual([]);
  });

  it('has none while nothing runs', () => {
    expect(pendingChanges(edits['moreCores']!, undefined)).toEqual([]);
  });
});
