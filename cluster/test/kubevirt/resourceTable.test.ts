import { expect, test } from 'vitest';

import { startCluster, type TestCluster } from './clusterFixture.ts';

// What clients go by: KubeVirt's crds.go (d923fdb), CDI's types.go (c07cdb6), HyperConverged (03da3cf),
// external-snapshotter and Multus. A row: plural, kind, short names, scope (NS or CL), subresources,
// `all` for what `kubectl get all` shows; then the columns after the name, `*` for those of -o wide.

interface Group {
  /** The first one is preferred. */
  versions: string[];
  resources: Record<string, string>;
}

const groups: Record<string, Group> = {
  'kubevirt.io': {
    versions: ['v1', 'v1alpha3'],
    resources: {
      'virtualmachines VirtualMachine vm,vms NS status all': 'Age Status Ready',
      'virtualmachineinstances VirtualMachineInstance vmi,vmis NS - all':
        'Age Phase IP NodeName Ready Live-Migratable* Paused*',
      'virtualmachineinstancepresets VirtualMachineInstancePreset vmipreset,vmipresets NS - all':
        'Age',
      'virtualmachineinstancereplicasets VirtualMachineInstanceReplicaSet vmirs,vmirss NS status,scale all':
        'Desired Current Ready Age',
      'virtualmachineinstancemigrations VirtualMachineInstanceMigration vmim,vmims NS status all':
        'Phase VMI',
      'kubevirts KubeVirt kv,kvs NS status all': 'Age Phase',
    },
  },
  'pool.kubevirt.io': {
    versions: ['v1beta1', 'v1alpha1'],
    resources: {
      'virtualmachinepools VirtualMachinePool vmpool,vmpools NS status,scale all':
        'Desired Current Ready Age',
    },
  },
  'snapshot.kubevirt.io': {
    versions: ['v1beta1', 'v1alpha1'],
    resources: {
      'virtualmachinesnapshots VirtualMachineSnapshot vmsnapshot,vmsnapshots NS status all':
        'SourceKind SourceName Phase ReadyToUse CreationTime Error',
      'virtualmachinesnapshotcontents VirtualMachineSnapshotContent vmsnapshotcontent,vmsnapshotcontents NS status all':
        'ReadyToUse CreationTime Error',
      'virtualmachinerestores VirtualMachineRestore vmrestore,vmrestores NS status all':
        'TargetKind TargetName Complete RestoreTime Error',
    },
  },
  'clone.kubevirt.io': {
    versions: ['v1beta1', 'v1alpha1'],
    resources: {
      'virtualmachineclones VirtualMachineClone vmclone,vmclones NS status all':
        'Phase SourceVirtualMachine TargetVirtualMachine',
    },
  },
  'export.kubevirt.io': {
    versions: ['v1', 'v1beta1'],
    resources: {
      'virtualmachineexports VirtualMachineExport vmexport,vmexports NS status all':
        'SourceKind SourceName Phase',
    },
  },
  'backup.kubevirt.io': {
    versions: ['v1alpha1'],
    resources: {
      'virtualmachinebackups VirtualMachineBackup vmbackup,vmbackups NS status all':
        'SourceKind SourceName Type CheckpointName',
      'virtualmachinebackuptrackers VirtualMachineBackupTracker vmbackuptracker,vmbackuptrackers NS status all':
        'SourceKind SourceName LatestCheckpoint CheckpointTime',
    },
  },
  'instancetype.kubevirt.io': {
    versions: ['v1beta1'],
    resources: {
      'virtualmachineinstancetypes VirtualMachineInstancetype vminstancetype,vminstancetypes,vmf,vmfs NS - all':
        'Age',
      'virtualmachineclusterinstancetypes VirtualMachineClusterInstancetype vmclusterinstancetype,vmclusterinstancetypes,vmcf,vmcfs CL - -':
        'Age',
      'virtualmachinepreferences VirtualMachinePreference vmpref,vmprefs,vmp,vmps NS - all': 'Age',
      'virtualmachineclusterpreferences VirtualMachineClusterPreference vmcp,vmcps CL - -': 'Age',
    },
  },
  'migrations.kubevirt.io': {
    versions: ['v1alpha1'],
    resources: { 'migrationpolicies MigrationPolicy - CL status all': 'Age' },
  },
  'plugin.kubevirt.io': {
    versions: ['v1alpha1'],
    resources: { 'plugins Plugin - CL - -': 'Age' },
  },
  'template.kubevirt.io': {
    versions: ['v1beta1', 'v1alpha1'],
    resources: {
      'virtualmachinetemplates VirtualMachineTemplate vmt,vmts NS status -': 'Age Ready',
      'virtualmachinetemplaterequests VirtualMachineTemplateRequest vmtr,vmtrs NS status -':
        'Template Age Ready Progressing',
    },
  },
  'cdi.kubevirt.io': {
    versions: ['v1beta1'],
    resources: {
      'datavolumes DataVolume dv,dvs NS status all': 'Phase Progress Restarts Age',
      'datasources DataSource das NS status all': 'Age',
      'dataimportcrons DataImportCron dic,dics NS - all': 'Format',
      'storageprofiles StorageProfile - CL status -': 'Age',
      'cdiconfigs CDIConfig - CL status -': 'Age',
      'cdis CDI cdi,cdis CL - -': 'Age Phase',
      'volumeimportsources VolumeImportSource - NS - -': 'Age',
      'volumeuploadsources VolumeUploadSource - NS - -': 'Age',
      'volumeclonesources VolumeCloneSource - NS - -': 'Age',
      'objecttransfers ObjectTransfer - CL status -': 'Age',
    },
  },
  'forklift.cdi.kubevirt.io': {
    versions: ['v1beta1'],
    resources: {
      'ovirtvolumepopulators OvirtVolumePopulator - NS - -': 'Age',
      'openstackvolumepopulators OpenstackVolumePopulator - NS - -': 'Age',
    },
  },
  'hco.kubevirt.io': {
    versions: ['v1', 'v1beta1'],
    resources: { 'hyperconvergeds HyperConverged hco,hcos NS status all': 'Age' },
  },
  'hostpathprovisioner.kubevirt.io': {
    versions: ['v1beta1'],
    resources: { 'hostpathprovisioners HostPathProvisioner - CL - -': 'Age' },
  },
  'k8s.cni.cncf.io': {
    versions: ['v1'],
    resources: {
      'network-attachment-definitions NetworkAttachmentDefinition net-attach-def NS - -': 'Age',
    },
  },
  'snapshot.storage.k8s.io': {
    versions: ['v1'],
    resources: {
      'volumesnapshots VolumeSnapshot vs NS status -':
        'ReadyToUse SourcePVC SourceSnapshotContent RestoreSize SnapshotClass SnapshotContent CreationTime Age',
      'volumesnapshotclasses VolumeSnapshotClass vsclass,vsclasses CL - -':
        'Driver DeletionPolicy Age',
      'volumesnapshotcontents VolumeSnapshotContent vsc,vscs CL status -':
        'ReadyToUse RestoreSize DeletionPolicy Driver VolumeSnapshotClass VolumeSnapshot VolumeSnapshotNamespace Age',
    },
  },
};

interface ApiResource {
  name: string;
  singularName: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
}

const every = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const listOf = (names: readonly string[] | undefined) => names?.join(',') ?? '-';

/** The rows of a group and version, as they are served. */
async function servedRows(cluster: TestCluster, base: string): Promise<Record<string, string>> {
  const { body } = await cluster.send('GET', base);
  const resources = body['resources'] as ApiResource[];
  const rows = resources
    .filter(({ name }) => !name.includes('/'))
    .map(async (resource): Promise<[string, string]> => {
      const { name, kind, namespaced, shortNames, categories } = resource;
      expect([...resource.verbs].sort(), name).toEqual(every);
      expect(resource.singularName, name).toBe(singularOf(kind));
      const below = resources.filter((one) => one.name.startsWith(`${name}/`));
      for (const { verbs } of below) expect([...verbs].sort()).toEqual(['get', 'patch', 'update']);
      const subresources = below.map((one) => one.name.slice(name.length + 1));
      const scope = namespaced ? 'NS' : 'CL';
      const row = [
        ...[name, kind, listOf(shortNames), scope],
        ...[listOf(subresources.length > 0 ? subresources : undefined), listOf(categories)],
      ];
      return [row.join(' '), await columnsOf(cluster, `${base}/${name}`)];
    });
  return Object.fromEntries(await Promise.all(rows));
}

const singularOf = (kind: string) =>
  kind === 'NetworkAttachmentDefinition' ? 'network-attachment-definition' : kind.toLowerCase();

async function columnsOf({ cluster }: TestCluster, url: string): Promise<string> {
  const reply = await cluster.api.inject({
    url,
    headers: {
      authorization: 'Bearer admin-token',
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    },
  });
  const { columnDefinitions } = JSON.parse(reply.body) as {
    columnDefinitions: { name: string; priority: number }[];
  };
  const [first, ...others] = columnDefinitions;
  expect(first).toMatchObject({ name: 'Name', priority: 0 });
  return others.map(({ name, priority }) => `${name}${priority > 0 ? '*' : ''}`).join(' ');
}

/** The order in which subresources and resources are listed says nothing. */
const sorted = (rows: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(rows).map(([row, columns]) => {
      const [plural = '', kind, short, scope, below = '', all] = row.split(' ');
      return [[plural, kind, short, scope, below.split(',').sort().join(), all].join(' '), columns];
    }),
  );

test('every resource is served with the names, verbs and columns that its project gives it', async () => {
  const cluster = await startCluster();
  for (const [group, { versions, resources }] of Object.entries(groups)) {
    const { body } = await cluster.send('GET', `/apis/${group}`);
    const served = body['versions'] as { version: string }[];
    expect(
      served.map(({ version }) => version),
      group,
    ).toEqual(versions);
    for (const version of versions) {
      const rows = await servedRows(cluster, `/apis/${group}/${version}`);
      expect(sorted(rows), `${group}/${version}`).toEqual(sorted(resources));
    }
  }
});

test('no other group is served than these and those of Kubernetes', async () => {
  const { send } = await startCluster();
  const { body } = await send('GET', '/apis');
  const names = (body['groups'] as { name: string }[]).map(({ name }) => name);
  const aggregated = [
    'subresources.kubevirt.io',
    'subresources.template.kubevirt.io',
    'upload.cdi.kubevirt.io',
  ];
  const others = names.filter((name) => !(name in groups) && !aggregated.includes(name));
  expect(others.sort()).toEqual([
    ...['apiextensions.k8s.io', 'apiregistration.k8s.io', 'apps', 'authentication.k8s.io'],
    ...['authorization.k8s.io', 'batch', 'coordination.k8s.io', 'discovery.k8s.io'],
    ...['events.k8s.io', 'networking.k8s.io', 'policy', 'rbac.authorization.k8s.io'],
    ...['scheduling.k8s.io', 'storage.k8s.io'],
  ]);
});

const deprecated: [path: string, warning: string][] = [
  [
    'kubevirt.io/v1alpha3/virtualmachines',
    'kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.',
  ],
  [
    'export.kubevirt.io/v1beta1/virtualmachineexports',
    'export.kubevirt.io/v1beta1 VirtualMachineExport is deprecated',
  ],
];

test.each(deprecated)('the deprecated version %s warns', async (path, warning) => {
  const { cluster } = await startCluster();
  const reply = await cluster.api.inject({
    url: `/apis/${path}`,
    headers: { authorization: 'Bearer admin-token' },
  });
  expect(reply.headers['warning']).toEqual([`299 - "${warning}"`]);
});

test('virt-api serves its group in two versions, and lists of it what KubeVirt lists', async () => {
  const { send } = await startCluster();
  const names = async (version: string) => {
    const { body } = await send('GET', `/apis/subresources.kubevirt.io/${version}`);
    return (body['resources'] as ApiResource[]).map(({ name }) => name);
  };
  const listed = await names('v1');
  expect(await names('v1alpha3')).toEqual(listed);
  expect(listed).toContain('virtualmachines/start');
  for (const action of [
    'addvolume',
    'removevolume',
    'memorydump',
    'removememorydump',
    'portforward',
  ])
    expect(listed).not.toContain(`virtualmachines/${action}`);
  for (const action of ['usbredir', 'vsock'])
    expect(listed).not.toContain(`virtualmachineinstances/${action}`);
  expect(await send('GET', '/apis/subresources.kubevirt.io/v1alpha3/version')).toMatchObject({
    code: 200,
  });
});

test('HyperConverged of v1beta1 has its settings flat, and its writes reach v1', async () => {
  const { send } = await startCluster();
  const path = 'namespaces/kubevirt-hyperconverged/hyperconvergeds/kubevirt-hyperconverged';
  const flat = `/apis/hco.kubevirt.io/v1beta1/${path}`;
  const patched = await send('PATCH', flat, {
    contentType: 'application/merge-patch+json',
    body: { spec: { liveMigrationConfig: { parallelMigrationsPerCluster: 3 } } },
  });
  expect(patched).toMatchObject({ code: 200, body: { apiVersion: 'hco.kubevirt.io/v1beta1' } });
  expect(await send('GET', `/apis/hco.kubevirt.io/v1/${path}`)).toMatchObject({
    body: {
      spec: { virtualization: { liveMigrationConfig: { parallelMigrationsPerCluster: 3 } } },
    },
  });
});
