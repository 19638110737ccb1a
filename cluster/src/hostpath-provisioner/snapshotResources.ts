import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';
import type { ObjectReference } from '../client/resources.ts';

export interface VolumeSnapshot extends KubeObject {
  spec: {
    volumeSnapshotClassName?: string;
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
  };
  status?: {
    boundVolumeSnapshotContentName?: string;
    creationTime?: string;
    readyToUse?: boolean;
    /** A quantity: the smallest claim that it can be restored to. */
    restoreSize?: string;
    error?: { time?: string; message?: string };
  };
}

export interface VolumeSnapshotContent extends KubeObject {
  spec: {
    deletionPolicy: 'Delete' | 'Retain';
    driver: string;
    volumeSnapshotClassName?: string;
    source: { volumeHandle?: string; snapshotHandle?: string };
    sourceVolumeMode?: string;
    volumeSnapshotRef: ObjectReference;
  };
  status?: {
    /** Nanoseconds since the epoch. */
    creationTime?: number;
    readyToUse?: boolean;
    /** Bytes. */
    restoreSize?: number;
    snapshotHandle?: string;
    error?: { time?: string; message?: string };
  };
}

export interface VolumeSnapshotClass extends KubeObject {
  driver: string;
  deletionPolicy: 'Delete' | 'Retain';
  parameters?: Record<string, string>;
}

const group = 'snapshot.storage.k8s.io';

export const volumeSnapshots: ResourceRef<VolumeSnapshot> = {
  group,
  version: 'v1',
  plural: 'volumesnapshots',
  kind: 'VolumeSnapshot',
  namespaced: true,
};

export const volumeSnapshotContents: ResourceRef<VolumeSnapshotContent> = {
  group,
  version: 'v1',
  plural: 'volumesnapshotcontents',
  kind: 'VolumeSnapshotContent',
  namespaced: false,
};

export const volumeSnapshotClasses: ResourceRef<VolumeSnapshotClass> = {
  group,
  version: 'v1',
  plural: 'volumesnapshotclasses',
  kind: 'VolumeSnapshotClass',
  namespaced: false,
};
