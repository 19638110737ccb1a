import type { KubeObject, ResourceRef } from '../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../client/resources.ts';
import type { DataVolume } from '../resources.ts';

/** What a claim that names it as its `dataSourceRef` is filled from. */
export interface VolumeImportSource extends KubeObject {
  spec: {
    source?: DataVolume['spec']['source'];
    contentType?: string;
    preallocation?: boolean;
    /** Only the claim of this name is filled, when it is given. */
    targetClaim?: string;
    checkpoints?: unknown[];
  };
}

export interface VolumeUploadSource extends KubeObject {
  spec: { contentType?: string; preallocation?: boolean };
}

export interface VolumeCloneSource extends KubeObject {
  spec: {
    source: { kind: string; name: string; apiGroup?: string };
    preallocation?: boolean;
    priorityClassName?: string;
  };
}

export const volumeImportSources = ref<VolumeImportSource>('VolumeImportSource');
export const volumeUploadSources = ref<VolumeUploadSource>('VolumeUploadSource');
export const volumeCloneSources = ref<VolumeCloneSource>('VolumeCloneSource');

function ref<T extends KubeObject>(kind: string): ResourceRef<T> {
  const plural = `${kind.toLowerCase()}s`;
  return { group: 'cdi.kubevirt.io', version: 'v1beta1', plural, kind, namespaced: true };
}

const kinds = ['VolumeImportSource', 'VolumeUploadSource', 'VolumeCloneSource'] as const;
export type PopulatorKind = (typeof kinds)[number];

/** What fills a claim, if it is one of CDI's populators. */
export function populatorOf({
  spec,
}: PersistentVolumeClaim): { kind: PopulatorKind; name: string } | undefined {
  const { apiGroup, kind, name = '', namespace } = spec.dataSourceRef ?? {};
  const found = kinds.find((one) => one === kind);
  // CDI passes over references to other namespaces, too.
  if (apiGroup !== 'cdi.kubevirt.io' || !found || namespace !== undefined) return undefined;
  return { kind: found, name };
}

/** Name of the claim that is filled in the place of the one with this UID. */
export const primeName = (uid: string) => `prime-${uid}`;
