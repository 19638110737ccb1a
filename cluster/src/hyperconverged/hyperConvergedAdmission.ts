import { notImplemented } from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import type { HyperConverged } from './resources.ts';
import { sameInKubeVirt } from './withSettings.ts';

const bootImageSettings = [
  'enableCommonBootImageImport',
  'commonBootImageNamespace',
  'dataImportCronTemplates',
];

/** What has effect, by its group. */
const honoured: Record<string, readonly string[]> = {
  virtualization: [
    ...sameInKubeVirt,
    ...['liveMigrationConfig', 'higherWorkloadDensity', 'vmiCPUAllocationRatio'],
  ],
  storage: ['vmStateStorageClass'],
  workloadSources: bootImageSettings,
};

/** Tells what of a HyperConverged object has no effect here, and keeps it from being uninstalled. */
export const hyperConvergedAdmission: Admission<HyperConverged> = {
  validate(context) {
    if (context.operation === 'DELETE') {
      throw notImplemented('delete of the HyperConverged object; it is part of this cluster');
    }
    if (context.subresource !== '') return;
    const unused = Object.entries(context.object.spec ?? {}).flatMap(
      ([group, settings]: [string, unknown]) => {
        if (group === 'featureGates') return [];
        const used = honoured[group];
        if (!used || typeof settings !== 'object' || settings === null) return [group];
        return Object.keys(settings)
          .filter((name) => !used.includes(name))
          .map((name) => `${group}.${name}`);
      },
    );
    for (const name of unused) {
      context.warn(`spec.${name} is kept but has no effect in this cluster`);
    }
  },
};
