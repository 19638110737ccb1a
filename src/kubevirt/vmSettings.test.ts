import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { describe, expect, it, test } from 'vitest';
import { changesOf } from '~/k8s/jsonPatch';
import { readCloudInit, readSshKeys, writeCloudInit, writeSshKeys } from './vmAccess';
import { readBootOrder, writeBootOrder } from './vmBoot';
import { readCompute, writeCompute, writeTypes } from './vmCompute';
import { settingExamples } from './settingExamples';
import { readSetting, type Setting, vmSettings, writeSetting } from './vmSettings';

/** With fields that this program does not know. */
const vm = {
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    running: true,
    novelty: { kept: true },
    template: {
      metadata: { labels: { role: 'front' } },
      spec: {
        domain: {
          cpu: { cores: 2, sockets: 1, threads: 1, model: 'host-model' },
          memory: { guest: '1Gi', novelty: 1 },
          resources: { requests: { memory: '1Gi', cpu: '500m' } },
          devices: {
            novelty: 'kept',
            disks: [
              { name: 'root', disk: { bus: 'virtio' }, bootOrder: 2 },
              { name: 'iso', cdrom: { bus: 'sata' }, bootOrder: 1 },
            ],
            interfaces: [{ name: 'default', masquerade: {} }],
          },
        },
        volumes: [
          { name: 'root', dataVolume: { name: 'web-root' } },
          { name: 'ci', cloudInitConfigDrive: { userDataBase64: btoa('#cloud-config\n') } },
        ],
      },
    },
  },
} as unknown as V1VirtualMachine;

function write(id: string, value: unknown): V1VirtualMachine {
  const setting = vmSettings.find((one) => one.id === id) as Setting;
  return writeSetting(setting, vm, value as never);
}

function places(now: V1VirtualMachine): string[] {
  return changesOf(vm, now).map(({ path }) => path.join('.'));
}

const samples: Readonly<Record<string, unknown>> = {
  description: 'The shop',
  hostname: 'front',
  runStrategy: 'Manual',
  gracePeriod: 30,
  firmware: 'UEFI',
  nodeSelector: { zone: 'a' },
  tolerations: [{ key: 'gpu' }],
  affinity: { nodeAffinity: {} },
  topologySpread: [{ maxSkew: 1 }],
  evictionStrategy: 'LiveMigrate',
  watchdog: 'reset',
  gpus: [{ name: 'a', deviceName: 'x/y' }],
  hostDevices: [{ name: 'a', deviceName: 'x/y' }],
};

describe.each(vmSettings)('setting $id', (setting) => {
  const value = setting.kind === 'switch' ? !readSetting(setting, vm) : samples[setting.id];

  it('reads what it writes', () => {
    expect(value).toBeDefined();
    expect(readSetting(setting, write(setting.id, value))).toEqual(value);
  });

  it('writes nothing when its value stays', () => {
    const same = write(setting.id, readSetting(setting, vm));
    expect(places(same)).toEqual([]);
  });
});

test('the run strategy takes the place of running', () => {
  expect(places(write('runStrategy', 'Halted'))).toEqual(['spec.running', 'spec.runStrategy']);
});

test('Secure Boot brings what it needs', () => {
  const { features } = write('firmware', 'SecureBoot').spec.template.spec?.domain ?? {};
  expect(features?.smm).toEqual({ enabled: true });
});

describe('CPU and memory', () => {
  it('change alone what differs', () => {
    const now = writeCompute(vm, { ...readCompute(vm), sockets: 4 });
    expect(places(now)).toEqual(['spec.template.spec.domain.cpu.sockets']);
  });

  it('drop the request that would stay behind', () => {
    const now = writeCompute(vm, { ...readCompute(vm), memoryBytes: 2 * 2 ** 30 });
    expect(places(now)).toEqual([
      'spec.template.spec.domain.memory.guest',
      'spec.template.spec.domain.resources.requests.memory',
    ]);
  });

  it('make way for an instance type, and nothing else does', () => {
    const now = writeTypes(vm, { instancetype: 'u1.small', preference: '' });
    const { domain } = now.spec.template.spec ?? {};
    expect(now.spec.instancetype).toMatchObject({ name: 'u1.small' });
    expect(domain?.cpu).toEqual({ model: 'host-model' });
    expect(domain?.memory).toEqual({ novelty: 1 });
    expect(domain?.resources).toBeUndefined();
  });
});

describe('the boot order', () => {
  it('is that of the places', () => {
    expect(readBootOrder(vm).map(({ name }) => name)).toEqual(['iso', 'root', 'default']);
  });

  it('gives places and takes them away', () => {
    const now = writeBootOrder(vm, [
      { kind: 'interface', name: 'default', order: undefined },
      { kind: 'disk', name: 'iso', order: undefined },
    ]);
    const order = readBootOrder(now).map((one) => [one.name, one.order]);
    expect(order).toEqual([
      ['default', 1],
      ['iso', 2],
      ['root', undefined],
    ]);
  });
});

it('each setting that is YAML has an example', () => {
  const written = vmSettings.flatMap(({ kind, id }) => (kind === 'yaml' ? [id] : []));
  expect(Object.keys(settingExamples).sort()).toEqual(written.sort());
});

describe('access', () => {
  it('reads user data in base64 and writes it as text, in the disk that is there', () => {
    expect(readCloudInit(vm).userData).toBe('#cloud-config\n');
    const now = writeCloudInit(vm, { userData: 'new', networkData: '' });
    expect(now.spec.template.spec?.volumes?.[1]).toEqual({
      name: 'ci',
      cloudInitConfigDrive: { userData: 'new' },
    });
  });

  it('leaves user data in base64 as it is where it is not changed', () => {
    expect(writeCloudInit(vm, { userData: '#cloud-config\n', networkData: '' })).toBe(vm);
    const now = writeCloudInit(vm, { userData: '#cloud-config\n', networkData: 'version: 2' });
    expect(now.spec.template.spec?.volumes?.[1]).toEqual({
      name: 'ci',
      cloudInitConfigDrive: { userDataBase64: btoa('#cloud-config\n'), networkData: 'version: 2' },
    });
  });

  it('takes keys from a secret, and takes them away', () => {
    const keys = { secret: 'mine', way: 'qemuGuestAgent' as const, users: ['root'] };
    const now = writeSshKeys(vm, keys);
    expect(readSshKeys(now)).toEqual(keys);
    expect(places(writeSshKeys(now, { ...keys, secret: '' }))).toEqual([]);
  });
});
