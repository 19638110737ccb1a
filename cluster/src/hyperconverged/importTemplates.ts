import type { DataImportCron } from '../cdi/resources.ts';
import type { HyperConverged, ImportTemplate } from './resources.ts';

export type EffectiveTemplate = ImportTemplate & {
  spec: DataImportCron['spec'];
  status: { commonTemplate?: boolean; modified?: boolean };
};

/** "false" switches a common template off, and "true" on where all are off. */
const enableAnnotation = 'dataimportcrontemplate.kubevirt.io/enable';

/**
 * The templates that a HyperConverged object stands for: the common ones unless they are switched off, with
 * the user's, which replace common ones of their name (HyperConverged: internal/dict, 03da3cf).
 */
export function effectiveTemplates(
  { spec }: HyperConverged,
  common: readonly ImportTemplate[],
): EffectiveTemplate[] {
  const { enableCommonBootImageImport = true, dataImportCronTemplates = [] } =
    spec?.workloadSources ?? {};
  const own = new Map(dataImportCronTemplates.map((one) => [one.metadata.name, one]));
  const shipped = common.flatMap((template): EffectiveTemplate[] => {
    const changed = own.get(template.metadata.name);
    const wish = changed?.metadata.annotations?.[enableAnnotation];
    const isOn = wish === undefined ? enableCommonBootImageImport : wish !== 'false';
    const next = changed?.spec ?? template.spec;
    if (!isOn || !next) return [];
    const metadata = { ...template.metadata, ...changed?.metadata };
    const status = { commonTemplate: true, ...(changed?.spec && { modified: true }) };
    return [{ metadata, spec: next, status }];
  });
  const known = new Set(common.map(({ metadata }) => metadata.name));
  const added = dataImportCronTemplates.flatMap((template): EffectiveTemplate[] => {
    const { metadata, spec: wanted } = template;
    const isOff = metadata.annotations?.[enableAnnotation] === 'false';
    if (known.has(metadata.name) || isOff || !wanted) return [];
    return [{ metadata, spec: wanted, status: {} }];
  });
  return [...shipped, ...added];
}
