import type {
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineInstanceStatus,
  V1VirtualMachineSpec,
  V1VirtualMachineStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';

export interface VirtualMachine extends KubeObject {
  spec: V1VirtualMachineSpec;
  status?: V1VirtualMachineStatus;
}

export interface VirtualMachineInstance extends KubeObject {
  spec: V1VirtualMachineInstanceSpec;
  status?: V1VirtualMachineInstanceStatus;
}

export interface KubeVirt extends KubeObject {
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
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
  domain: 'kubevirt.io/domain',
  launcher: 'virt-launcher',
  /** Container of the launcher pod that passes on what the guest writes to its serial line. */
  consoleLog: 'guest-console-log',
  vmGeneration: 'kubevirt.io/vm-generation',
  /** The service account as which the control plane's parts act. */
  serviceAccountPrefix: 'system:serviceaccount:kubevirt:',
} as const;
