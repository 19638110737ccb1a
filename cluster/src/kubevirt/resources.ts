import type {
  V1alpha1MigrationPolicySpec,
  V1beta1VirtualMachinePoolSpec,
  V1beta1VirtualMachinePoolStatus,
  V1MigrationConfiguration,
  V1VirtualMachineInstanceMigrationSpec,
  V1VirtualMachineInstanceMigrationStatus,
  V1VirtualMachineInstanceReplicaSetSpec,
  V1VirtualMachineInstanceReplicaSetStatus,
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineInstanceStatus,
  V1VirtualMachineSpec,
  V1VirtualMachineStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';
import type { Condition } from '../client/resources.ts';

export interface VirtualMachine extends KubeObject {
  spec: V1VirtualMachineSpec;
  status?: V1VirtualMachineStatus;
}

export interface VirtualMachineInstance extends KubeObject {
  spec: V1VirtualMachineInstanceSpec;
  status?: V1VirtualMachineInstanceStatus;
}

export interface VirtualMachineInstanceMigration extends KubeObject {
  spec: V1VirtualMachineInstanceMigrationSpec;
  status?: V1VirtualMachineInstanceMigrationStatus;
}

export interface VirtualMachineInstanceReplicaSet extends KubeObject {
  spec: V1VirtualMachineInstanceReplicaSetSpec;
  status?: V1VirtualMachineInstanceReplicaSetStatus;
}

export interface VirtualMachinePool extends KubeObject {
  spec: V1beta1VirtualMachinePoolSpec;
  status?: V1beta1VirtualMachinePoolStatus;
}

/** The settings of migrations; the generated type lacks the newest of them. */
export type MigrationConfiguration = V1MigrationConfiguration & { maxDowntimeMs?: number };

export interface MigrationPolicy extends KubeObject {
  spec: V1alpha1MigrationPolicySpec & { maxDowntimeMs?: number };
  status?: Record<string, unknown>;
}

export interface KubeVirt extends KubeObject {
  spec: Record<string, unknown>;
  status?: { phase?: string; conditions?: Condition[]; [field: string]: unknown };
}

export const virtualMachines: ResourceRef<VirtualMachine> = {
  group: 'kubevirt.io',
  version: 'v1',
  plural: 'virtualmachines',
  kind: 'VirtualMachine',
  namespaced: true,
};

export const virtualMachineInstances: ResourceRef<VirtualMachineInstance> = {
  group: 'kubevirt.io',
  version: 'v1',
  plural: 'virtualmachineinstances',
  kind: 'VirtualMachineInstance',
  namespaced: true,
};

export const virtualMachineInstanceMigrations: ResourceRef<VirtualMachineInstanceMigration> = {
  group: 'kubevirt.io',
  version: 'v1',
  plural: 'virtualmachineinstancemigrations',
  kind: 'VirtualMachineInstanceMigration',
  namespaced: true,
};

export const virtualMachineInstanceReplicaSets: ResourceRef<VirtualMachineInstanceReplicaSet> = {
  group: 'kubevirt.io',
  version: 'v1',
  plural: 'virtualmachineinstancereplicasets',
  kind: 'VirtualMachineInstanceReplicaSet',
  namespaced: true,
};

export const virtualMachinePools: ResourceRef<VirtualMachinePool> = {
  group: 'pool.kubevirt.io',
  version: 'v1beta1',
  plural: 'virtualmachinepools',
  kind: 'VirtualMachinePool',
  namespaced: true,
};

export const migrationPolicies: ResourceRef<MigrationPolicy> = {
  group: 'migrations.kubevirt.io',
  version: 'v1alpha1',
  plural: 'migrationpolicies',
  kind: 'MigrationPolicy',
  namespaced: false,
};

export const kubeVirts: ResourceRef<KubeVirt> = {
  group: 'kubevirt.io',
  version: 'v1',
  plural: 'kubevirts',
  kind: 'KubeVirt',
  namespaced: true,
};

/** Labels, annotations and finalizers of KubeVirt (staging/src/kubevirt.io/api/core/v1/types.go, d923fdb). */
export const names = {
  vmFinalizer: 'kubevirt.io/virtualMachineControllerFinalize',
  vmiFinalizer: 'kubevirt.io/foregroundDeleteVirtualMachine',
  createdBy: 'kubevirt.io/created-by',
  nodeName: 'kubevirt.io/nodeName',
  /** On a node: may VMIs be placed there? */
  schedulable: 'kubevirt.io/schedulable',
  /** On a node: when its virt-handler was last there. */
  heartbeat: 'kubevirt.io/heartbeat',
  domain: 'kubevirt.io/domain',
  launcher: 'virt-launcher',
  /** Container of the launcher pod that passes on what the guest writes to its serial line. */
  consoleLog: 'guest-console-log',
  migrationFinalizer: 'kubevirt.io/migrationJobFinalize',
  /** On a VirtualMachineInstanceMigration: the VMI that it moves. */
  vmiName: 'kubevirt.io/vmi-name',
  /** On a target pod. */
  migrationJobUid: 'kubevirt.io/migrationJobUID',
  migrationJobName: 'kubevirt.io/migrationJobName',
  /** On a VMI while it moves. */
  migrationTargetNode: 'kubevirt.io/migrationTargetNodeName',
  vmGeneration: 'kubevirt.io/vm-generation',
  /** The service account as which the control plane's parts act. */
  serviceAccountPrefix: 'system:serviceaccount:kubevirt:',
} as const;
