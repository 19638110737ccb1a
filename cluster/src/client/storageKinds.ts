import type { KubeObject } from './KubeClient.ts';
import type { Condition, ObjectReference, ResourceList } from './kinds.ts';
import type { LabelSelector } from './labelSelector.ts';

export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod';

export interface TypedReference {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface PersistentVolumeClaim extends KubeObject {
  spec: {
    accessModes?: AccessMode[];
    resources?: { requests?: ResourceList; limits?: ResourceList };
    storageClassName?: string;
    volumeMode?: 'Filesystem' | 'Block';
    volumeName?: string;
    selector?: LabelSelector;
    dataSource?: TypedReference;
    dataSourceRef?: TypedReference;
    volumeAttributesClassName?: string;
  };
  status?: {
    phase?: 'Pending' | 'Bound' | 'Lost';
    accessModes?: AccessMode[];
    capacity?: ResourceList;
    conditions?: Condition[];
    allocatedResources?: ResourceList;
  };
}

export interface PersistentVolume extends KubeObject {
  spec: {
    accessModes?: AccessMode[];
    capacity?: ResourceList;
    storageClassName?: string;
    volumeMode?: 'Filesystem' | 'Block';
    claimRef?: ObjectReference;
    persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    hostPath?: { path: string; type?: string };
    local?: { path: string; fsType?: string };
    csi?: Record<string, unknown>;
    nodeAffinity?: {
      required?: {
        nodeSelectorTerms: {
          matchExpressions?: { key: string; operator: string; values?: string[] }[];
        }[];
      };
    };
  };
  status?: {
    phase?: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
    message?: string;
    reason?: string;
  };
}

export interface CsiDriver extends KubeObject {
  spec: {
    attachRequired?: boolean;
    podInfoOnMount?: boolean;
    storageCapacity?: boolean;
    fsGroupPolicy?: 'File' | 'None' | 'ReadWriteOnceWithFSType';
    volumeLifecycleModes?: ('Ephemeral' | 'Persistent')[];
  };
}

export interface CsiStorageCapacity extends KubeObject {
  storageClassName: string;
  /** The nodes that have the room. */
  nodeTopology?: LabelSelector;
  capacity?: string;
  maximumVolumeSize?: string;
}

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: 'Retain' | 'Delete';
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  allowVolumeExpansion?: boolean;
  mountOptions?: string[];
}
