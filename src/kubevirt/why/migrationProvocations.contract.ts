import {
  blank,
  dataVolume,
  dataVolumesUrl,
  disk,
  instancesUrl,
  patch,
  post,
  type Provocation,
  room,
  type TestCluster,
  untilIs,
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
const change =
  (...specs: object[]) =>
  async (cluster: TestCluster, namespace: string, name: string) => {
    for (const spec of specs) {
      await patch(cluster, `${vmsUrl(namespace)}/${name}`, { spec: { template: { spec } } });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

/** What befalls a VM that moves or changes while it runs, by users' requests alone. */
export const migrationProvocations: Readonly<Record<string, Provocation>> = {
  recovery: {
    ...{ name: 'web-never-converges' },
    spec: disk({ ...blank, ...room() }).spec,
    template: {
      ...movable,
      domain: {
        devices: {
          ...movable.domain.devices,
          disks: [{ name: 'root', disk: { bus: 'virtio' } }],
        },
      },
      volumes: disk({}).template.volumes,
    },
    async before(cluster, namespace) {
      const other = dataVolume('other', {
        ...blank,
        ...room({ storageClassName: 'hostpath-wait' }),
      });
      await post(cluster, dataVolumesUrl(namespace), other);
    },
    // Its guest ends while its disk is on the way to other storage.
    async after(cluster, namespace, name) {
      const [vm, vmi] = [`${vmsUrl(namespace)}/${name}`, `${instancesUrl(namespace)}/${name}`];
      await untilIs(cluster, vmi, ({ status }) =>
        JSON.stringify(status?.['conditions'] ?? []).includes('LiveMigratable'),
      );
      await patch(cluster, vm, {
        spec: {
          ...{ updateVolumesStrategy: 'Migration', dataVolumeTemplates: [] },
          template: { spec: { volumes: [{ name: 'root', dataVolume: { name: 'other' } }] } },
        },
      });
      await untilIs(cluster, vm, ({ status }) => status?.['volumeUpdateState'] !== undefined);
      await untilIs(cluster, vmi, ({ status }) =>
        JSON.stringify(status?.['migrationState'] ?? {}).includes('startTimestamp'),
      );
      await cluster.send('DELETE', vmi);
    },
    sentence: 'The move of its disks to other storage failed and left them in two places.',
  },
  migrationPaused: {
    ...{ name: 'web-stays-held', template: movable, after: migrate },
    async before(cluster, namespace) {
      await post(cluster, '/apis/migrations.kubevirt.io/v1alpha1/migrationpolicies', {
        ...{ apiVersion: 'migrations.kubevirt.io/v1alpha1', kind: 'MigrationPolicy' },
        metadata: { name: 'disrupts' },
        spec: {
          ...{ allowWorkloadDisruption: true, completionTimeoutPerGiB: 8 },
          selectors: { namespaceSelector: { 'kubernetes.io/metadata.name': namespace } },
        },
      });
    },
    sentence: 'It stands still, because it changes faster than its memory can be migrated.',
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
};
