import type { V1DataVolumeTemplateSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachine } from '../../resources.ts';
import { type Cause, invalid, required } from './Cause.ts';

/**
 * Rules 7 to 14 of the catalogue (SADM/data-volume-template.go, d923fdb). The fields say
 * `dataVolumeTemplate` in the singular because KubeVirt's do.
 */
export function validateDataVolumeTemplates(vm: VirtualMachine): Cause[] {
  const volumes = vm.spec.template.spec?.volumes ?? [];
  return (vm.spec.dataVolumeTemplates ?? []).flatMap((template, index) => {
    const field = `spec.dataVolumeTemplate[${index}]`;
    const name = template.metadata?.name;
    if (!name) {
      return [
        required(
          `${field}.name`,
          `'name' field must not be empty for DataVolumeTemplate entry ${field}.`,
        ),
      ];
    }
    const { pvc, storage, source, sourceRef } = template.spec;
    const storageField = `${field}.PVC.Storage`;
    if (!pvc && !storage) return [invalid(storageField, 'Missing Data volume PVC or Storage')];
    if (pvc && storage) {
      return [
        invalid(
          storageField,
          'Duplicate storage definition, both target storage and target pvc defined',
        ),
      ];
    }
    if (isPopulated(template.spec)) {
      if (source ?? sourceRef) {
        const message = 'External population is incompatible with Source and SourceRef';
        return [invalid(`${field}.source`, message)];
      }
    } else if (!source && !sourceRef) {
      return [
        invalid(
          `${field}.source.sourceRef`,
          'Data volume should have either Source, SourceRef, or be externally populated',
        ),
      ];
    }
    const kinds = source ? Object.keys(source).length : 1;
    if (kinds !== 1) {
      return [
        invalid(
          `${field}.source`,
          kinds === 0 ? 'Missing dataVolume valid source' : 'Multiple dataVolume sources',
        ),
      ];
    }
    const namespace = template.metadata?.namespace;
    if (namespace && namespace !== vm.metadata.namespace) {
      return [
        invalid(
          `spec.dataVolumeTemplates[${index}]`,
          `Embedded DataVolume namespace ${namespace} differs from VM namespace ${vm.metadata.namespace ?? ''}`,
        ),
      ];
    }
    const used = volumes.some((volume) => volume.dataVolume?.name === name);
    if (used) return [];
    return [
      required(
        field,
        `DataVolumeTemplate entry ${field} must be referenced in the VMI template's 'volumes' list`,
      ),
    ];
  });
}

/** Does something else than CDI fill the claim? */
const isPopulated = ({ pvc, storage }: V1DataVolumeTemplateSpec['spec']) =>
  [pvc, storage].some((claim) => claim?.dataSource ?? claim?.dataSourceRef);
