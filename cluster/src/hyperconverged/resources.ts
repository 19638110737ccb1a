import type { DataImportCron } from '../cdi/resources.ts';
import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';
import type { Condition } from '../client/resources.ts';

/** What a boot image's DataImportCron is made from; HyperConverged's `dataImportCronTemplates`. */
export interface ImportTemplate {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  /** A template that only switches a common one on or off has none. */
  spec?: DataImportCron['spec'];
}

/** hco.kubevirt.io/v1: what HyperConverged's operator installs; one object. */
export interface HyperConverged extends KubeObject {
  spec?: {
    /** `state` is Enabled when absent. */
    featureGates?: { name: string; state?: 'Enabled' | 'Disabled' }[];
    virtualization?: {
      liveMigrationConfig?: Record<string, unknown>;
      higherWorkloadDensity?: { memoryOvercommitPercentage?: number };
      vmiCPUAllocationRatio?: number;
      [part: string]: unknown;
    };
    storage?: { vmStateStorageClass?: string; [part: string]: unknown };
    workloadSources?: {
      enableCommonBootImageImport?: boolean;
      commonBootImageNamespace?: string;
      dataImportCronTemplates?: ImportTemplate[];
      [part: string]: unknown;
    };
    [part: string]: unknown;
  };
  status?: {
    conditions?: Condition[];
    systemHealthStatus?: 'healthy' | 'warning' | 'error';
    versions?: { name: string; version: string }[];
    observedGeneration?: number;
    [field: string]: unknown;
  };
}

/** hostpathprovisioner.kubevirt.io/v1beta1: where volumes lie; one object. */
export interface HostPathProvisioner extends KubeObject {
  spec: { storagePools?: { name: string; path: string }[]; [field: string]: unknown };
  status?: {
    conditions?: Condition[];
    storagePoolStatuses?: {
      name: string;
      phase: string;
      desiredReady: number;
      currentReady: number;
    }[];
    [field: string]: unknown;
  };
}

export const hyperConvergeds: ResourceRef<HyperConverged> = {
  group: 'hco.kubevirt.io',
  version: 'v1',
  plural: 'hyperconvergeds',
  kind: 'HyperConverged',
  namespaced: true,
};

export const hostPathProvisioners: ResourceRef<HostPathProvisioner> = {
  group: 'hostpathprovisioner.kubevirt.io',
  version: 'v1beta1',
  plural: 'hostpathprovisioners',
  kind: 'HostPathProvisioner',
  namespaced: false,
};
