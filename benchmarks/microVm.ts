/** Where the virtual machines of benchmarks are. */
export const namespace = 'default';

/** A virtual machine with a disk that is a clone of the micro guest's boot source. */
export const microVm = (name: string) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name, namespace },
  spec: {
    runStrategy: 'Always',
    dataVolumeTemplates: [
      {
        metadata: { name },
        spec: {
          sourceRef: { kind: 'DataSource', name: 'micro', namespace: 'kubevirt-os-images' },
          storage: {},
        },
      },
    ],
    template: {
      spec: {
        domain: {
          memory: { guest: '160Mi' },
          devices: {
            disks: [{ name: 'root', disk: { bus: 'virtio' } }],
            interfaces: [{ name: 'default', masquerade: {} }],
          },
        },
        networks: [{ name: 'default', pod: {} }],
        volumes: [{ name: 'root', dataVolume: { name } }],
      },
    },
  },
});
