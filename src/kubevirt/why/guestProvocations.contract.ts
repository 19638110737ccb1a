import {
  blank,
  disk,
  patch,
  post,
  type Provocation,
  quota,
  room,
  type TestCluster,
  until,
  vmsUrl,
} from './provocation.contract';

/** It can move: bridges on the pod network cannot. */
const movable = {
  networks: [{ name: 'default', pod: {} }],
  domain: { devices: { interfaces: [{ name: 'default', masquerade: {} }] } },
};
const growing = {
  ...movable,
  domain: { ...movable.domain, memory: { guest: '256Mi', maxGuest: '4Gi' } },
};
const migrate = async (cluster: TestCluster, namespace: string, name: string) => {
  await post(
    cluster,
    `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstancemigrations`,
    {
      ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstanceMigration' },
      ...{ metadata: { name: 'move' }, spec: { vmiName: name } },
    },
  );
};
const actionsUrl = (namespace: string) =>
  `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;

const change =
  (...specs: object[]) =>
  async (cluster: TestCluster, namespace: string, name: string) => {
    for (const spec of specs) {
      await patch(cluster, `${vmsUrl(namespace)}/${name}`, { spec: { template: { spec } } });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

/** What befalls a VM once it is started, by users' requests alone. */
export const guestProvocations = (): Readonly<Record<string, Provocation>> => ({
  crashLoop: {
    // It counts as one when the pod goes before the guest ever ran.
    ...{ name: 'web-fails-to-start', spec: { runStrategy: 'Always' } },
    async after(cluster, namespace) {
      const url = `/api/v1/namespaces/${namespace}/pods`;
      for (;;) {
        const { body } = await cluster.send('GET', url);
        const [pod] = (body as { items: { metadata: { name: string }; spec: object }[] }).items;
        if (pod && 'nodeName' in pod.spec) {
          await cluster.send('DELETE', `${url}/${pod.metadata.name}?gracePeriodSeconds=0`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    sentence: 'It ends soon after each start, and is started again after a pause.',
  },
  ioError: {
    name: 'web-disk-error',
    sentence: 'It was paused because one of its disks reported an error.',
  },
  evictionBlocked: {
    template: { evictionStrategy: 'External' },
    async after(cluster, namespace) {
      const { body } = await cluster.send('GET', `/api/v1/namespaces/${namespace}/pods`);
      const [pod] = (body as { items: { metadata: { name: string } }[] }).items;
      const name = pod?.metadata.name ?? '';
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      // It is refused with 429 while the VM is there; what counts is that it has been asked for.
      await cluster.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
        body: eviction,
      });
    },
    sentence: 'Its node is being drained, but it cannot be migrated.',
  },
  migrationFailed: {
    ...{ name: 'web-fails-to-migrate', template: movable, after: migrate },
    sentence: 'Its last migration failed, and it still runs on node-1.',
  },
  hotplugCpu: {
    ...{ name: 'web-never-converges' },
    template: { ...movable, domain: { ...movable.domain, cpu: { sockets: 1, maxSockets: 8 } } },
    after: change({ domain: { cpu: { sockets: 2 } } }, { domain: { cpu: { sockets: 3 } } }),
    sentence: 'The new number of CPUs could not be given to the running guest.',
    fixWaits: true,
  },
  hotplugMemory: {
    ...{ name: 'web-never-converges', template: growing },
    after: change(
      { domain: { memory: { guest: '512Mi' } } },
      { domain: { memory: { guest: '768Mi' } } },
    ),
    sentence: 'The new memory could not be given to the running guest.',
    fixWaits: true,
  },
  migrationWaiting: {
    ...{ name: 'web-never-converges', template: growing },
    after: change({ domain: { memory: { guest: '512Mi' } } }),
    sentence: 'Changes of it wait for a migration.',
  },
  restartRequired: {
    after: change({ hostname: 'other' }),
    sentence: 'Changes of it take effect after a restart.',
  },
  snapshotFailed: {
    ...{ spec: { runStrategy: 'Halted' } },
    async after(cluster, namespace, name) {
      await post(
        cluster,
        `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachinerestores`,
        {
          ...{ apiVersion: 'snapshot.kubevirt.io/v1beta1', kind: 'VirtualMachineRestore' },
          metadata: { name: 'back' },
          spec: {
            target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name },
            virtualMachineSnapshotName: 'missing',
          },
        },
      );
    },
    sentence: 'Its last restore did not succeed.',
  },
  accessCredentials: {
    name: 'web-refuses-keys',
    template: {
      accessCredentials: [
        {
          sshPublicKey: {
            source: { secret: { secretName: 'keys' } },
            propagationMethod: { qemuGuestAgent: { users: ['root'] } },
          },
        },
      ],
    },
    async before(cluster, namespace) {
      await post(cluster, `/api/v1/namespaces/${namespace}/secrets`, {
        ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' } },
        stringData: { key: 'ssh-ed25519 AAAA' },
      });
    },
    sentence: 'SSH keys or passwords could not be given to the guest.',
  },
  hotplugVolume: {
    name: 'web-refuses-disks',
    async after(cluster, namespace, name) {
      await post(cluster, `/apis/cdi.kubevirt.io/v1beta1/namespaces/${namespace}/datavolumes`, {
        ...{
          apiVersion: 'cdi.kubevirt.io/v1beta1',
          kind: 'DataVolume',
          metadata: { name: 'more' },
        },
        spec: { ...blank, ...room() },
      });
      const disk = { name: 'more', disk: { bus: 'scsi' } };
      const source = { dataVolume: { name: 'more', hotpluggable: true } };
      await cluster.send('PUT', `${actionsUrl(namespace)}/${name}/addvolume`, {
        body: { name: 'more', disk, volumeSource: source },
      });
    },
    sentence: 'A disk could not be attached to the running guest.',
  },
  locked: {
    ...disk({ ...blank, ...room() }),
    // Its snapshot has begun, and the one of its disk is not let in.
    before: quota({ 'count/volumesnapshots.snapshot.storage.k8s.io': '0' }),
    async after(cluster, namespace, name) {
      await until(cluster, `${vmsUrl(namespace)}/${name}`, 'Running');
      await post(
        cluster,
        `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachinesnapshots`,
        {
          ...{ apiVersion: 'snapshot.kubevirt.io/v1beta1', kind: 'VirtualMachineSnapshot' },
          ...{ metadata: { name: 'before' } },
          spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name } },
        },
      );
    },
    sentence: 'It cannot be changed while before is being made or restored.',
  },
  failure: {
    name: 'web-fails-to-start',
    sentence: 'The cluster could not do what was asked for.',
  },
});
