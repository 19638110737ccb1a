import {
  blank,
  dataVolume,
  dataVolumesUrl,
  disk,
  instancesUrl,
  patch,
  post,
  type Provocation,
  quota,
  room,
  type TestCluster,
  until,
  untilIs,
  vmsUrl,
} from './provocation.contract';

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
  outOfMemory: {
    spec: { runStrategy: 'Once' },
    // Containers have no limits here: what a kubelet writes when the kernel ends one is written in its place.
    async after(cluster, namespace) {
      const vmi = `${instancesUrl(namespace)}/web`;
      await untilIs(cluster, vmi, ({ status }) => status?.['phase'] === 'Running');
      const url = `/api/v1/namespaces/${namespace}/pods`;
      const { body } = await cluster.send('GET', url);
      const [pod] = (body as { items: { metadata: { name: string } }[] }).items;
      const terminated = { exitCode: 137, reason: 'OOMKilled' };
      await patch(cluster, `${url}/${pod?.metadata.name ?? ''}/status`, {
        status: {
          phase: 'Failed',
          containerStatuses: [{ name: 'compute', ready: false, state: { terminated } }],
        },
      });
    },
    sentence: 'The node ended it, because it used more memory than its pod may have.',
  },
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
  agentTooOld: {
    ...{ name: 'web-old-agent', sentence: 'The guest agent in it is too old.' },
  },
  hotplugVolume: {
    name: 'web-refuses-disks',
    async after(cluster, namespace, name) {
      const more = dataVolume('more', { ...blank, ...room() });
      await post(cluster, dataVolumesUrl(namespace), more);
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
