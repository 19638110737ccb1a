import {
  configure,
  patch,
  post,
  type Provocation,
  type TestCluster,
  until,
  vmsUrl,
} from './provocation.contract';

const eachNode = (change: object) => async (cluster: TestCluster) => {
  const { body } = await cluster.send('GET', '/api/v1/nodes');
  for (const { metadata } of (body as { items: { metadata: { name: string } }[] }).items) {
    await patch(cluster, `/api/v1/nodes/${metadata.name}`, change);
  }
};

/** A simulated node has 4 TiB: two of these have no room on it. */
const half = { domain: { memory: { guest: '2100Gi' } } };

/** What befalls whole nodes, each in a cluster of its own. */
export const nodeProvocations: Readonly<Record<string, Provocation & { nodes: number }>> = {
  noMemory: {
    nodes: 1,
    template: half,
    async before(cluster) {
      await post(cluster, vmsUrl('default'), {
        ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: 'large' } },
        spec: {
          runStrategy: 'Always',
          template: { spec: { domain: { ...half.domain, devices: {} } } },
        },
      });
      await until(cluster, `${vmsUrl('default')}/large`, 'Running');
    },
    sentence: 'No node has enough free memory for it.',
  },
  noKvm: {
    nodes: 1,
    before: configure({ developerConfiguration: { useEmulation: false } }),
    sentence: 'No node offers hardware virtualization (KVM).',
  },
  noDevice: {
    nodes: 1,
    before: configure({
      permittedHostDevices: {
        pciHostDevices: [{ pciVendorSelector: '10DE:1EB8', resourceName: 'nvidia.com/TU104GL' }],
      },
    }),
    template: {
      domain: { devices: { gpus: [{ name: 'gpu', deviceName: 'nvidia.com/TU104GL' }] } },
    },
    sentence: 'No node has a free device nvidia.com/TU104GL.',
  },
  mountFailed: {
    nodes: 1,
    before: configure({ developerConfiguration: { featureGates: ['HostDisk'] } }),
    template: {
      domain: { devices: { disks: [{ name: 'host', disk: { bus: 'virtio' } }] } },
      volumes: [{ name: 'host', hostDisk: { path: '/nowhere/disk.img', type: 'Disk' } }],
    },
    sentence: 'A volume could not be mounted on the node.',
  },
  taint: {
    nodes: 2,
    before: eachNode({ spec: { taints: [{ key: 'infra', value: 'a', effect: 'NoSchedule' }] } }),
    sentence: 'All nodes keep it away by a taint that it does not tolerate.',
  },
  cordoned: {
    nodes: 2,
    before: eachNode({ spec: { unschedulable: true } }),
    sentence: 'All nodes that could take it are cordoned.',
  },
  unschedulable: {
    nodes: 1,
    async before(cluster) {
      await patch(cluster, '/api/v1/nodes/node-1/status', {
        status: { allocatable: { pods: '0' } },
      });
    },
    sentence: 'No node can take it.',
  },
  nodeLost: {
    nodes: 1,
    async after(cluster) {
      await cluster.cluster.stopNode('node-1');
      for (let turn = 0; turn < 20; turn += 1) {
        cluster.clock.skip(10_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    sentence: 'Its node does not answer.',
  },
};
