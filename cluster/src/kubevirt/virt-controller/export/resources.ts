import type {
  V1beta1VirtualMachineExportLinks,
  V1beta1VirtualMachineExportSpec,
  V1beta1VirtualMachineExportStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../../../client/KubeClient.ts';
import type { Condition } from '../conditions.ts';

export interface VirtualMachineExport extends KubeObject {
  spec: V1beta1VirtualMachineExportSpec;
  status?: Omit<V1beta1VirtualMachineExportStatus, 'conditions' | 'ttlExpirationTime'> & {
    conditions?: Condition[];
    ttlExpirationTime?: string;
  };
}

export type ExportLinks = V1beta1VirtualMachineExportLinks;

export const vmExports: ResourceRef<VirtualMachineExport> = {
  group: 'export.kubevirt.io',
  version: 'v1',
  plural: 'virtualmachineexports',
  kind: 'VirtualMachineExport',
  namespaced: true,
};

/** Header, or query parameter, with which a download shows its token. */
export const tokenHeader = 'x-kubevirt-export-token';
