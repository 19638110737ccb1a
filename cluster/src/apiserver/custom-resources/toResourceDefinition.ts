import type { ResourceDefinition, ResourceVersion, PrinterColumn } from '../ResourceDefinition.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type {
  DefinitionColumn,
  DefinitionNames,
  DefinitionObject,
  DefinitionVersion,
} from './DefinitionObject.ts';

/** What the server serves by a definition whose names are accepted. */
export function toResourceDefinition({
  metadata,
  spec,
  status,
}: DefinitionObject): ResourceDefinition {
  const { group = '', scope, versions = [] } = spec;
  const names: DefinitionNames = status?.acceptedNames ?? spec.names ?? {};
  const stored = versions.find(({ storage }) => storage === true) ?? versions[0];
  const { kind = '', plural = '', singular = kind.toLowerCase() } = names;
  const scale = stored?.subresources?.scale;
  return {
    group,
    kind,
    plural,
    singular,
    ...(names.listKind === undefined ? {} : { listKind: names.listKind }),
    ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
    ...(names.categories === undefined ? {} : { categories: names.categories }),
    namespaced: scope === 'Namespaced',
    versions: versions.map((version) => toVersion(version, group, kind)),
    selectableFields: selectableFields(versions),
    subresources: {
      ...(stored?.subresources?.status === undefined ? {} : { status: true }),
      ...(scale?.specReplicasPath === undefined || scale.statusReplicasPath === undefined
        ? {}
        : {
            scale: {
              specReplicasPath: scale.specReplicasPath,
              statusReplicasPath: scale.statusReplicasPath,
              ...(scale.labelSelectorPath === undefined
                ? {}
                : { labelSelectorPath: scale.labelSelectorPath }),
            },
          }),
    },
    // While its definition goes, what is there can only be read and deleted.
    ...(metadata.deletionTimestamp === undefined
      ? {}
      : { verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] }),
  };
}

function toVersion(version: DefinitionVersion, group: string, kind: string): ResourceVersion {
  const { name = '', served, storage, deprecated, additionalPrinterColumns } = version;
  const usual = `${group}/${name} ${kind} is deprecated`;
  return {
    name,
    served: served === true,
    storage: storage === true,
    ...(deprecated === true ? { deprecationWarning: version.deprecationWarning ?? usual } : {}),
    schema: version.schema?.openAPIV3Schema ?? { type: 'object' },
    columns: additionalPrinterColumns?.map(toColumn) ?? [ageColumn],
  };
}

function toColumn(column: DefinitionColumn): PrinterColumn {
  const { name = '', type, jsonPath = '', format, description, priority } = column;
  return {
    name,
    type: toColumnType(type),
    value: jsonPath,
    ...(format === undefined ? {} : { format }),
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function toColumnType(type: string | undefined): PrinterColumn['type'] {
  switch (type) {
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
      return type;
    default:
      return 'string';
  }
}

function selectableFields(versions: readonly DefinitionVersion[]): string[] {
  const paths = versions.flatMap((version) => version.selectableFields ?? []);
  return [...new Set(paths.map(({ jsonPath = '' }) => jsonPath.replace(/^\./, '')))];
}
