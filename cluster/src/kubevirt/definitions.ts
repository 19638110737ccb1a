import { customResource } from '../apiserver/customResource.ts';
import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import { conditionColumn, textColumn } from '../apiserver/printing/columns.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { instancetypeDefinitions } from './instancetype/definitions.ts';
import {
  type KubeVirt,
  kubeVirts,
  migrationPolicies,
  type MigrationPolicy,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
  type VirtualMachineInstanceReplicaSet,
  virtualMachineInstanceReplicaSets,
  type VirtualMachinePool,
  virtualMachinePools,
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
  type VirtualMachineInstance,
} from './resources.ts';
import { migrationAdmission, migrationPolicyAdmission } from './virt-api/migrationAdmission.ts';
import { kubeVirtAdmission } from './virt-operator/kubeVirtAdmission.ts';
import { poolAdmission } from './virt-api/poolAdmission.ts';
import { replicaSetAdmission } from './virt-api/replicaSetAdmission.ts';
import { virtualMachineAdmission, virtualMachineInstanceAdmission } from './virt-api/admission.ts';

const group = 'kubevirt.io';

/** The versions in which everything of kubevirt.io is served. */
export const kubeVirtVersions = [
  { name: 'v1', storage: true },
  {
    name: 'v1alpha3',
    deprecationWarning:
      'kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.',
  },
];

const virtualMachine = customResource<VirtualMachine>({
  group,
  versions: kubeVirtVersions,
  kind: virtualMachines.kind,
  plural: virtualMachines.plural,
  shortNames: ['vm', 'vms'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [
    ageColumn,
    textColumn('Status', '.status.printableStatus'),
    conditionColumn('Ready', 'Ready'),
  ],
  model: 'io.kubevirt.v1.VirtualMachine',
  admission: virtualMachineAdmission,
});

const virtualMachineInstance = customResource<VirtualMachineInstance>({
  group,
  versions: kubeVirtVersions,
  kind: virtualMachineInstances.kind,
  plural: virtualMachineInstances.plural,
  shortNames: ['vmi', 'vmis'],
  categories: ['all'],
  namespaced: true,
  selectableFields: ['status.phase', 'status.nodeName'],
  columns: [
    ageColumn,
    textColumn('Phase', '.status.phase'),
    textColumn('IP', '.status.interfaces[0].ipAddress'),
    textColumn('NodeName', '.status.nodeName'),
    conditionColumn('Ready', 'Ready'),
    conditionColumn('Live-Migratable', 'LiveMigratable', 1),
    conditionColumn('Paused', 'Paused', 1),
  ],
  model: 'io.kubevirt.v1.VirtualMachineInstance',
  admission: virtualMachineInstanceAdmission,
});

const virtualMachineInstanceMigration = customResource<VirtualMachineInstanceMigration>({
  group,
  versions: kubeVirtVersions,
  kind: virtualMachineInstanceMigrations.kind,
  plural: virtualMachineInstanceMigrations.plural,
  shortNames: ['vmim', 'vmims'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [textColumn('Phase', '.status.phase'), textColumn('VMI', '.spec.vmiName')],
  model: 'io.kubevirt.v1.VirtualMachineInstanceMigration',
  admission: migrationAdmission,
});

/** What sets of things that are alike have: `/scale`, and columns that count them. */
const replicas = {
  subresources: {
    status: true,
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.labelSelector',
    },
  },
  columns: [
    { name: 'Desired', type: 'integer', value: '.spec.replicas' },
    { name: 'Current', type: 'integer', value: '.status.replicas' },
    { name: 'Ready', type: 'integer', value: '.status.readyReplicas' },
    ageColumn,
  ],
} as const;

const virtualMachinePool = customResource<VirtualMachinePool>({
  group: virtualMachinePools.group,
  versions: [{ name: 'v1beta1', storage: true }, { name: 'v1alpha1' }],
  kind: virtualMachinePools.kind,
  plural: virtualMachinePools.plural,
  shortNames: ['vmpool', 'vmpools'],
  categories: ['all'],
  namespaced: true,
  ...replicas,
  model: 'io.kubevirt.v1beta1.VirtualMachinePool',
  admission: poolAdmission,
});

const virtualMachineInstanceReplicaSet = customResource<VirtualMachineInstanceReplicaSet>({
  group,
  versions: kubeVirtVersions,
  kind: virtualMachineInstanceReplicaSets.kind,
  plural: virtualMachineInstanceReplicaSets.plural,
  shortNames: ['vmirs', 'vmirss'],
  categories: ['all'],
  namespaced: true,
  ...replicas,
  model: 'io.kubevirt.v1.VirtualMachineInstanceReplicaSet',
  admission: replicaSetAdmission,
});

const migrationPolicy = customResource<MigrationPolicy>({
  group: 'migrations.kubevirt.io',
  versions: [{ name: 'v1alpha1', storage: true }],
  kind: migrationPolicies.kind,
  plural: migrationPolicies.plural,
  categories: ['all'],
  namespaced: false,
  subresources: { status: true },
  model: 'io.kubevirt.v1alpha1.MigrationPolicy',
  admission: migrationPolicyAdmission,
});

const kubeVirt = customResource<KubeVirt>({
  group,
  versions: kubeVirtVersions,
  kind: kubeVirts.kind,
  plural: kubeVirts.plural,
  shortNames: ['kv', 'kvs'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [ageColumn, textColumn('Phase', '.status.phase')],
  model: 'io.kubevirt.v1.KubeVirt',
  admission: kubeVirtAdmission,
});

/** The resources of kubevirt.io and instancetype.kubevirt.io that this cluster has; names and columns are KubeVirt's. */
export const kubeVirtDefinitions: readonly ResourceDefinition[] = [
  virtualMachine,
  virtualMachineInstance,
  virtualMachineInstanceMigration,
  virtualMachineInstanceReplicaSet,
  virtualMachinePool,
  migrationPolicy,
  kubeVirt,
  ...instancetypeDefinitions,
];
