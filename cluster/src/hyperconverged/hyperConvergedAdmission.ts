import { notImplemented } from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import type { HyperConverged } from './resources.ts';

const bootImageSettings = [
  'enableCommonBootImageImport',
  'commonBootImageNamespace',
  'dataImportCronTemplates',
];

/** Tells what of a HyperConverged object has no effect here, and keeps it from being uninstalled. */
export const hyperConvergedAdmission: Admission<HyperConverged> = {
  validate(context) {
    if (context.operation === 'DELETE') {
      throw notImplemented('delete of the HyperConverged object; it is part of this cluster');
    }
    if (context.subresource !== '') return;
    const { virtualization, workloadSources, ...others } = context.object.spec ?? {};
    const { liveMigrationConfig: _, evictionStrategy: _strategy, ...rest } = virtualization ?? {};
    const unused = [
      ...Object.keys(others),
      ...Object.keys(workloadSources ?? {})
        .filter((name) => !bootImageSettings.includes(name))
        .map((name) => `workloadSources.${name}`),
      ...Object.keys(rest).map((name) => `virtualization.${name}`),
    ];
    for (const name of unused) {
      context.warn(`spec.${name} is kept but has no effect in this cluster`);
    }
  },
};
