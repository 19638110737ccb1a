import type { V1DataVolumeTemplateSpec, V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { DataVolume } from '../../cdi/resources.ts';
import { controllerReference } from '../../client/controllerReference.ts';
import type { Draft } from '../../client/KubeClient.ts';
import type { VirtualMachine } from '../resources.ts';

/** The claim behind a volume; a DataVolume's claim has its name. */
export function claimName(volume: V1Volume): string | undefined {
  return volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name;
}

/** The same, with the claims that a guest only reads from: under the layer of an ephemeral volume. */
export function mountedClaim(volume: V1Volume): string | undefined {
  return claimName(volume) ?? volume.ephemeral?.persistentVolumeClaim?.claimName;
}

/** The DataVolumes that volumes name, as far as they exist. */
export const namedDataVolumes = (
  volumes: readonly V1Volume[] | undefined,
  find: (name: string) => DataVolume | undefined,
): DataVolume[] =>
  (volumes ?? []).flatMap(({ dataVolume }) => {
    const found = dataVolume && find(dataVolume.name);
    return found ? [found] : [];
  });

/**
 * The templates of a VM whose DataVolume does not exist yet. They are made at once, also for a VM that
 * is not to run, unless it says `kubevirt.io/immediate-data-volume-creation: "false"`.
 */
export function missingTemplates(
  vm: VirtualMachine,
  find: (name: string) => DataVolume | undefined,
): V1DataVolumeTemplateSpec[] {
  const deferred =
    vm.metadata.annotations?.['kubevirt.io/immediate-data-volume-creation'] === 'false' &&
    vm.spec.runStrategy === 'Halted';
  if (deferred) return [];
  return (vm.spec.dataVolumeTemplates ?? []).filter(
    ({ metadata }) => metadata?.name !== undefined && !find(metadata.name),
  );
}

/** The DataVolume of a template: owned by the VM, so that it goes with it. */
export function dataVolumeOf(
  vm: VirtualMachine,
  template: V1DataVolumeTemplateSpec,
): Draft<DataVolume> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      ...(template.metadata?.name && { name: template.metadata.name }),
      ...(vm.metadata.namespace && { namespace: vm.metadata.namespace }),
      labels: { ...template.metadata?.labels, 'kubevirt.io/created-by': vm.metadata.uid },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: [controllerReference('kubevirt.io/v1', 'VirtualMachine', vm.metadata)],
    },
    // The API's types of the two packages describe the same object.
    spec: structuredClone(template.spec) as DataVolume['spec'],
  };
}
