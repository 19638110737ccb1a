import type {
  V1beta1VirtualMachineInstancetypeSpec,
  V1beta1VirtualMachinePreferenceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { KubeObject, ResourceRef } from '../../client/KubeClient.ts';

export type InstancetypeSpec = V1beta1VirtualMachineInstancetypeSpec;
export type PreferenceSpec = V1beta1VirtualMachinePreferenceSpec;

/** A VirtualMachineInstancetype or a VirtualMachineClusterInstancetype. */
export interface Instancetype extends KubeObject {
  spec: InstancetypeSpec;
}

/** A VirtualMachinePreference or a VirtualMachineClusterPreference. */
export interface Preference extends KubeObject {
  spec: PreferenceSpec;
}

export const instancetypes = ref<Instancetype>('VirtualMachineInstancetype', true);
export const clusterInstancetypes = ref<Instancetype>('VirtualMachineClusterInstancetype', false);
export const preferences = ref<Preference>('VirtualMachinePreference', true);
export const clusterPreferences = ref<Preference>('VirtualMachineClusterPreference', false);

function ref<T extends KubeObject>(kind: string, namespaced: boolean): ResourceRef<T> {
  return {
    group: 'instancetype.kubevirt.io',
    version: 'v1beta1',
    plural: `${kind.toLowerCase()}s`,
    kind,
    namespaced,
  };
}

/** Labels of API/instancetype/register.go (d923fdb). */
export const instancetypeLabels = {
  defaultInstancetype: 'instancetype.kubevirt.io/default-instancetype',
  defaultInstancetypeKind: 'instancetype.kubevirt.io/default-instancetype-kind',
  defaultPreference: 'instancetype.kubevirt.io/default-preference',
  defaultPreferenceKind: 'instancetype.kubevirt.io/default-preference-kind',
  objectName: 'instancetype.kubevirt.io/object-name',
  objectKind: 'instancetype.kubevirt.io/object-kind',
  objectUid: 'instancetype.kubevirt.io/object-uid',
  objectGeneration: 'instancetype.kubevirt.io/object-generation',
  objectVersion: 'instancetype.kubevirt.io/object-version',
} as const;
