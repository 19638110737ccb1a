import type {
  V1beta1VirtualMachineRestoreSpec,
  V1beta1VirtualMachineRestoreStatus,
  V1beta1VirtualMachineSnapshotContentStatus,
  V1beta1VirtualMachineSnapshotSpec,
  V1beta1VirtualMachineSnapshotStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { Condition } from '../conditions.ts';
import type { VirtualMachine } from '../../resources.ts';

export interface VirtualMachineSnapshot extends KubeObject {
  spec: V1beta1VirtualMachineSnapshotSpec;
  status?: Omit<
    V1beta1VirtualMachineSnapshotStatus,
    'conditions' | 'creationTime' | 'error' | 'indications' | 'sourceIndications'
  > & {
    conditions?: Condition[];
    creationTime?: string;
    error?: { time?: string; message?: string };
    indications?: string[];
    sourceIndications?: { indication: string; message: string }[];
  };
}

export interface VolumeBackup {
  volumeName: string;
  persistentVolumeClaim: Pick<PersistentVolumeClaim, 'metadata' | 'spec'>;
  volumeSnapshotName: string;
}

export interface VirtualMachineSnapshotContent extends KubeObject {
  spec: {
    virtualMachineSnapshotName?: string;
    source: { virtualMachine: Pick<VirtualMachine, 'metadata' | 'spec' | 'status'> };
    volumeBackups?: VolumeBackup[];
  };
  status?: Pick<V1beta1VirtualMachineSnapshotContentStatus, 'readyToUse'> & {
    creationTime?: string;
    error?: { time?: string; message?: string };
  };
}

export interface VirtualMachineRestore extends KubeObject {
  spec: V1beta1VirtualMachineRestoreSpec & { targetReadinessPolicy?: string };
  status?: Omit<V1beta1VirtualMachineRestoreStatus, 'conditions' | 'restoreTime'> & {
    conditions?: Condition[];
    restoreTime?: string;
  };
}

const ref = <T extends KubeObject>(kind: string): ResourceRef<T> => ({
  group: 'snapshot.kubevirt.io',
  version: 'v1beta1',
  plural: `${kind.toLowerCase()}s`,
  kind,
  namespaced: true,
});

export const vmSnapshots = ref<VirtualMachineSnapshot>('VirtualMachineSnapshot');
export const vmSnapshotContents = ref<VirtualMachineSnapshotContent>(
  'VirtualMachineSnapshotContent',
);
export const vmRestores = ref<VirtualMachineRestore>('VirtualMachineRestore');
