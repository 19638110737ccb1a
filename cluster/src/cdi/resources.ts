import type {
  V1beta1DataSourceSpec,
  V1beta1DataVolumeSpec,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';

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
