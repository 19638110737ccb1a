import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { describe, expect, it } from 'vitest';
import { changesOf } from '~/k8s/jsonPatch';
import {
  diskAdd,
  diskChange,
  diskDetach,
  freeName,
  mediumEject,
  mediumInsert,
  readDisk,
} from './diskEdit';
import { type DraftDisk, diskDraft, withContent } from './create/vmDraft';
import { type Nic, nicAdd, nicChange, nicRemove, readNic } from './nicEdit';

const vm: V1VirtualMachine = {
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    dataVolumeTemplates: [{ metadata: { name: 'web-root' }, spec: { source: { blank: {} } } }],
    template: {
      spec: {
        domain: {
          devices: {
            disks: [
              { name: 'root', disk: { bus: 'virtio' }, tag: 'kept' },
              { name: 'cd', cdrom: { bus: 'sata' } },
            ],
            interfaces: [
              { name: 'default', masquerade: {}, ports: [{ port: 80 }] },
              { name: 'lan', bridge: {} },
            ],
          },
        },
        networks: [
          { name: 'default', pod: {} },
          { name: 'lan', multus: { networkName: 'blue' } },
        ],
        volumes: [{ name: 'root', dataVolume: { name: 'web-root' } }],
      },
    },
  },
};

function spec(now: V1VirtualMachine) {
  return now.spec.template.spec!;
}

describe('disks', () => {
  const data: DraftDisk = {
    ...diskDraft('data', { kind: 'blank' }, 2 ** 30),
    ...{ bus: 'scsi', storageClass: 'fast' },
  };

  it('come with a DataVolume of the VM that may go to a running guest', () => {
    const now = diskAdd(vm, data, []);
    expect(spec(now).volumes?.at(-1)).toEqual({
      name: 'data',
      dataVolume: { name: 'web-data', hotpluggable: true },
    });
    expect(now.spec.dataVolumeTemplates?.at(-1)?.spec.storage).toEqual({
      storageClassName: 'fast',
      resources: { requests: { storage: '1Gi' } },
    });
  });

  it('never bring back a volume that is there already', () => {
    const now = diskAdd(vm, data, ['web-data', 'web-data-2']);
    expect(spec(now).volumes?.at(-1)?.dataVolume?.name).toBe('web-data-3');
    expect(now.spec.dataVolumeTemplates?.at(-1)?.metadata?.name).toBe('web-data-3');
  });

  it('are made of what the wizard makes them of', () => {
    const image = { kind: 'registry', url: 'docker://quay.io/org/disk:1' } as const;
    const made = diskAdd(vm, { ...data, source: image, volumeMode: 'Block', bootOrder: 2 }, []);
    expect(made.spec.dataVolumeTemplates?.at(-1)?.spec).toMatchObject({
      source: { registry: { url: image.url } },
      storage: { volumeMode: 'Block' },
    });
    expect(spec(made).domain.devices.disks?.at(-1)).toEqual({
      ...{ name: 'data', disk: { bus: 'scsi' }, bootOrder: 2 },
    });
    const sent = diskAdd(vm, { ...data, source: { kind: 'dataVolume', name: 'sent' } }, []);
    expect(sent.spec.dataVolumeTemplates).toEqual(vm.spec.dataVolumeTemplates);
    expect(spec(sent).volumes?.at(-1)?.dataVolume).toEqual({ name: 'sent', hotpluggable: true });
  });

  it('on other buses wait for the next start', () => {
    const now = diskAdd(vm, { ...data, bus: 'sata' }, []);
    expect(spec(now).volumes?.at(-1)?.dataVolume).toEqual({ name: 'web-data' });
  });

  it('may be a drive without a medium', () => {
    const now = diskAdd(vm, withContent(data, { kind: 'none' }), []);
    expect(spec(now).volumes).toEqual(spec(vm).volumes);
    expect(spec(now).domain.devices.disks).toHaveLength(3);
  });

  it('change where they are changed, and nowhere else', () => {
    const now = diskChange(vm, 'root', { ...readDisk(vm, 'root'), cache: 'writeback' });
    expect(changesOf(vm, now).map(({ path }) => path.at(-1))).toEqual(['cache']);
    expect(changesOf(vm, diskChange(vm, 'cd', readDisk(vm, 'cd')))).toEqual([]);
  });

  it('go with their volume and the template of it', () => {
    const now = diskDetach(vm, 'root');
    expect(spec(now).volumes).toEqual([]);
    expect(now.spec.dataVolumeTemplates).toEqual([]);
    expect(spec(now).domain.devices.disks?.map(({ name }) => name)).toEqual(['cd']);
  });

  it('get and lose a medium while the drive stays', () => {
    const medium: DraftDisk = {
      ...{ ...data, name: 'cd', kind: 'cdrom' },
      source: { kind: 'claim', name: 'installer' },
    };
    const now = mediumInsert(vm, medium, []);
    expect(spec(now).volumes?.at(-1)).toEqual({
      name: 'cd',
      persistentVolumeClaim: { claimName: 'installer', hotpluggable: true },
    });
    expect(changesOf(vm, mediumEject(now, 'cd'))).toEqual([]);
  });

  it('get names that are free', () => {
    const now = diskAdd(vm, { ...data, name: 'disk-1' }, []);
    expect(freeName(now, 'disk')).toBe('disk-2');
  });
});

describe('network interfaces', () => {
  it('come with their network', () => {
    const nic: Nic = {
      name: 'dmz',
      network: 'shop/dmz',
      binding: 'bridge',
      model: 'virtio',
      mac: '',
      isLinkUp: true,
    };
    const now = nicAdd(vm, nic);
    expect(readNic(now, 'dmz')).toEqual(nic);
    expect(spec(now).networks?.at(-1)).toEqual({
      name: 'dmz',
      multus: { networkName: 'shop/dmz' },
    });
  });

  it('change where they are changed, and nowhere else', () => {
    const nic = readNic(vm, 'default')!;
    expect(changesOf(vm, nicChange(vm, nic))).toEqual([]);
    const now = nicChange(vm, { ...nic, isLinkUp: false });
    expect(changesOf(vm, now).map(({ path }) => path.at(-1))).toEqual(['state']);
  });

  it('on a bridge leave a running guest at once', () => {
    const now = nicRemove(vm, 'lan', { isRunning: true });
    expect(changesOf(vm, now)).toMatchObject([{ path: expect.arrayContaining(['lan', 'state']) }]);
  });

  it('go with their network else, and the last is not put back', () => {
    const one = nicRemove(vm, 'lan', { isRunning: false });
    const none = nicRemove(one, 'default', { isRunning: true });
    expect(spec(one).networks).toHaveLength(1);
    expect(spec(none).domain.devices).toMatchObject({
      interfaces: [],
      autoattachPodInterface: false,
    });
  });
});
