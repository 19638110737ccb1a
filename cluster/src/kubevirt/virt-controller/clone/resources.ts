import type {
  V1beta1VirtualMachineCloneSpec,
  V1beta1VirtualMachineCloneStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../../../client/KubeClient.ts';
import type { Condition } from '../conditions.ts';

export interface VirtualMachineClone extends KubeObject {
  spec: V1beta1VirtualMachineCloneSpec;
  status?: Omit<V1beta1VirtualMachineCloneStatus, 'conditions' | 'creationTime'> & {
    conditions?: Condition[];
    creationTime?: string;
  };
}

export const vmClones: ResourceRef<VirtualMachineClone> = {
  group: 'clone.kubevirt.io',
  version: 'v1beta1',
  plural: 'virtualmachineclones',
  kind: 'VirtualMachineClone',
  namespaced: true,
};
