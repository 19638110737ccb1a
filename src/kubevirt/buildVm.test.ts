import { expect, it } from 'vitest';
import { buildVm, type VmValues } from '~/kubevirt/buildVm';

const values: VmValues = {
  name: 'db-1',
  namespace: 'shop',
  bootSource: { kind: 'DataSource', namespace: 'images', name: 'fedora' },
  diskBytes: 30 * 2 ** 30,
  cores: 2,
  memoryBytes: 1.5 * 2 ** 30,
  runStrategy: 'Always',
};

it('builds a VM with one disk from a DataSource and one network card', () => {
  expect(buildVm(values)).toEqual({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'db-1', namespace: 'shop' },
    spec: {
      runStrategy: 'Always',
      dataVolumeTemplates: [
        {
          metadata: { name: 'db-1-rootdisk' },
          spec: {
            sourceRef: { kind: 'DataSource', namespace: 'images', name: 'fedora' },
            storage: { resources: { requests: { storage: '30Gi' } } },
          },
        },
      ],
      template: {
        spec: {
          domain: {
            cpu: { sockets: 1, cores: 2, threads: 1 },
            memory: { guest: '1536Mi' },
            devices: {
              disks: [{ name: 'rootdisk', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', model: 'virtio', masquerade: {} }],
              rng: {},
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'rootdisk', dataVolume: { name: 'db-1-rootdisk' } }],
        },
      },
    },
  });
});

it('makes an empty disk, and keeps the description', () => {
  const vm = buildVm({ ...values, bootSource: { kind: 'blank' }, description: 'Orders' });
  expect(vm.spec.dataVolumeTemplates?.[0]?.spec).toMatchObject({ source: { blank: {} } });
  expect(vm.metadata?.annotations).toEqual({ description: 'Orders' });
});

it('adds a cloud-init disk only when there is something for it to say', () => {
  const vm = buildVm({ ...values, userData: '#cloud-config\n' });
  expect(vm.spec.template.spec?.volumes?.map((volume) => volume.name)).toEqual([
    'rootdisk',
    'cloudinitdisk',
  ]);
  expect(vm.spec.template.spec?.domain.devices.disks).toHaveLength(2);
  expect(buildVm({ ...values, userData: '' }).spec.template.spec?.volumes).toHaveLength(1);
});
