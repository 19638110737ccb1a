import type {
  V1beta1CDIConfigSpec,
  V1beta1CDIConfigStatus,
  V1beta1CDISpec,
  V1beta1CDIStatus,
  V1beta1DataImportCronSpec,
  V1beta1DataImportCronStatus,
  V1beta1DataSourceSpec,
  V1beta1DataVolumeSpec,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';
import type { AccessMode } from '../client/resources.ts';

export interface DataVolumeCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  lastHeartbeatTime?: string | null;
}

export interface DataVolumeStatus {
  phase?: string;
  /** 'N/A', or a percentage with two decimals; '100.0%' at the end. */
  progress?: string;
  claimName?: string;
  restartCount?: number;
  conditions?: DataVolumeCondition[];
}

export interface DataVolume extends KubeObject {
  spec: V1beta1DataVolumeSpec;
  status?: DataVolumeStatus;
}

export interface DataSource extends KubeObject {
  spec: V1beta1DataSourceSpec;
  status?: { conditions?: DataVolumeCondition[]; source?: V1beta1DataSourceSpec['source'] };
}

/** Keeps a DataSource at the newest image of its source. */
export interface DataImportCron extends KubeObject {
  spec: Omit<V1beta1DataImportCronSpec, 'template'> & {
    template: Pick<DataVolume, 'spec'>;
    /** Whose right to clone is asked for when the source is a claim of another namespace. */
    serviceAccountName?: string;
  };
  status?: Omit<V1beta1DataImportCronStatus, 'currentImports' | 'conditions'> & {
    /** CDI writes these keys with capital letters. */
    currentImports?: { DataVolumeName: string; Digest: string }[];
    conditions?: DataVolumeCondition[];
  };
}

/** How CDI is installed; one object, `cdi`. */
export interface Cdi extends KubeObject {
  spec: V1beta1CDISpec;
  status?: V1beta1CDIStatus;
}

/** What CDI decided by itself; one object, `config`. */
export interface CdiConfig extends KubeObject {
  spec: V1beta1CDIConfigSpec;
  status?: V1beta1CDIConfigStatus;
}

/** What DataVolumes take from a StorageClass when they leave it open; has the name of the class. */
export interface StorageProfile extends KubeObject {
  spec?: StorageProfileSpec;
  status?: StorageProfileSpec & {
    storageClass?: string;
    provisioner?: string;
    conditions?: DataVolumeCondition[];
  };
}

export interface StorageProfileSpec {
  claimPropertySets?: ClaimPropertySet[];
  cloneStrategy?: 'copy' | 'snapshot' | 'csi-clone';
  dataImportCronSourceFormat?: 'snapshot' | 'pvc';
  snapshotClass?: string;
}

export interface ClaimPropertySet {
  accessModes: AccessMode[];
  volumeMode?: 'Filesystem' | 'Block';
}

export const dataVolumes: ResourceRef<DataVolume> = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  plural: 'datavolumes',
  kind: 'DataVolume',
  namespaced: true,
};

export const dataSources: ResourceRef<DataSource> = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  plural: 'datasources',
  kind: 'DataSource',
  namespaced: true,
};

export const dataImportCrons: ResourceRef<DataImportCron> = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  plural: 'dataimportcrons',
  kind: 'DataImportCron',
  namespaced: true,
};

export const cdis = clusterWide<Cdi>('CDI', 'cdis');
export const cdiConfigs = clusterWide<CdiConfig>('CDIConfig', 'cdiconfigs');
export const storageProfiles = clusterWide<StorageProfile>('StorageProfile', 'storageprofiles');

function clusterWide<T extends KubeObject>(kind: string, plural: string): ResourceRef<T> {
  return { group: 'cdi.kubevirt.io', version: 'v1beta1', plural, kind, namespaced: false };
}
