import {
  aGroup,
  allow,
  bindRole,
  clusterRole,
  readVerbs,
  writeVerbs,
} from '../client/clusterRole.ts';

const subresources = 'subresources.kubevirt.io';
const vm = (...actions: string[]) => actions.map((action) => `virtualmachines/${action}`);
const vmi = (...actions: string[]) => actions.map((action) => `virtualmachineinstances/${action}`);

const migrations = ['virtualmachineinstancemigrations'];

/** The namespaced objects that users own, by API group. */
const owned: Record<string, string[]> = {
  'kubevirt.io': [
    'virtualmachines',
    'virtualmachineinstances',
    'virtualmachineinstancepresets',
    'virtualmachineinstancereplicasets',
  ],
  'snapshot.kubevirt.io': [
    'virtualmachinesnapshots',
    'virtualmachinesnapshotcontents',
    'virtualmachinerestores',
  ],
  'export.kubevirt.io': ['virtualmachineexports'],
  'backup.kubevirt.io': ['virtualmachinebackups', 'virtualmachinebackuptrackers'],
  'clone.kubevirt.io': ['virtualmachineclones'],
  'instancetype.kubevirt.io': [
    'virtualmachineinstancetypes',
    'virtualmachineclusterinstancetypes',
    'virtualmachinepreferences',
    'virtualmachineclusterpreferences',
  ],
  'pool.kubevirt.io': ['virtualmachinepools'],
};

const clusterKinds = ['virtualmachineclusterinstancetypes', 'virtualmachineclusterpreferences'];

/**
 * The API server asks about the first segment of a subresource, virt-api about all of it, so that a
 * right to `sev/…` is of use only with the right to `sev`.
 */
const sevReads = ['sev', 'sev/fetchcertchain', 'sev/querylaunchmeasurement'];
const sevWrites = ['sev', 'sev/setupsession', 'sev/injectlaunchsecret'];
const guestReads = ['guestosinfo', 'filesystemlist', 'userlist'];

const viewSubresources = [
  allow(
    subresources,
    [...vmi(...guestReads, ...sevReads, 'objectgraph'), ...vm('expand-spec', 'objectgraph')],
    ['get'],
  ),
  allow(subresources, ['expand-vm-spec'], ['update']),
];

const editSubresources = [
  allow(subresources, vmi('console', 'vnc', 'portforward', 'usbredir'), ['get']),
  allow(subresources, vm('portforward'), ['get']),
  allow(
    subresources,
    vmi(
      ...['pause', 'unpause', 'addvolume', 'removevolume', 'freeze', 'unfreeze'],
      ...['softreboot', 'reset', ...sevWrites],
    ),
    ['update'],
  ),
  allow(
    subresources,
    vm(
      ...['start', 'stop', 'restart', 'addvolume', 'removevolume'],
      ...['memorydump', 'removememorydump'],
    ),
    ['update'],
  ),
  ...viewSubresources,
];

const ofOwned = (verbs: string[]) =>
  Object.entries(owned).map(([group, resources]) => allow(group, resources, verbs));

const readOnly = [
  allow('kubevirt.io', migrations, readVerbs),
  allow('migrations.kubevirt.io', ['migrationpolicies'], readVerbs),
];

/**
 * KubeVirt's roles for users (pkg/virt-operator/resource/generate/rbac/cluster.go, d923fdb). None of
 * the three that the standard roles take up may migrate, and only the administrator's takes
 * screenshots.
 */
export const kubeVirtRoles = [
  clusterRole('kubevirt.io:default', [
    allow('kubevirt.io', ['kubevirts'], ['get', 'list']),
    allow(subresources, ['version', 'guestfs'], ['get', 'list']),
  ]),
  clusterRole(
    'kubevirt.io:admin',
    [
      allow(subresources, vmi('vnc/screenshot'), ['get']),
      ...editSubresources,
      ...ofOwned([...readVerbs, ...writeVerbs]),
      allow('plugin.kubevirt.io', ['plugins'], [...readVerbs, ...writeVerbs]),
      ...readOnly,
    ],
    'admin',
  ),
  clusterRole(
    'kubevirt.io:edit',
    [
      ...editSubresources,
      ...ofOwned([...readVerbs, ...writeVerbs.filter((verb) => verb !== 'deletecollection')]),
      ...readOnly,
      allow('kubevirt.io', ['kubevirts'], ['get', 'list']),
    ],
    'edit',
  ),
  clusterRole(
    'kubevirt.io:view',
    [...viewSubresources, ...ofOwned(readVerbs), ...readOnly],
    'view',
  ),
  clusterRole('kubevirt.io:migrate', [
    allow(subresources, vm('migrate'), ['update']),
    allow('kubevirt.io', migrations, [...readVerbs, ...writeVerbs]),
  ]),
  clusterRole('instancetype.kubevirt.io:view', [
    allow('instancetype.kubevirt.io', clusterKinds, readVerbs),
  ]),
];

const everyone = [aGroup('system:authenticated')];

export const kubeVirtRoleBindings = [
  bindRole('kubevirt.io:default', everyone),
  bindRole('instancetype.kubevirt.io:view', everyone),
];
