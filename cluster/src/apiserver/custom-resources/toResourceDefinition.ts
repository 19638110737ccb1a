import type {
  PrinterColumn,
  ResourceDefinition,
  ResourceVersion,
  Subresources,
} from '../ResourceDefinition.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type {
  DefinitionColumn,
  DefinitionNames,
  DefinitionObject,
  DefinitionVersion,
} from './DefinitionObject.ts';
import { type ServiceAddress, webhookConverter } from './webhookConverter.ts';

/** What the server serves by a definition whose names are accepted. */
export function toResourceDefinition(
  { metadata, spec, status }: DefinitionObject,
  serviceAddress: ServiceAddress,
): ResourceDefinition {
  const { group = '', scope, versions = [] } = spec;
  const names: DefinitionNames = status?.acceptedNames ?? spec.names ?? {};
  const { kind = '', plural = '', singular = kind.toLowerCase() } = names;
  return {
    group,
    kind,
    plural,
    singular,
    ...(names.listKind === undefined ? {} : { listKind: names.listKind }),
    ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
    ...(names.categories === undefined ? {} : { categories: names.categories }),
    namespaced: scope === 'Namespaced',
    ...(spec.conversion?.strategy === 'Webhook'
      ? { convert: webhookConverter(kind, spec.conversion, serviceAddress) }
      : {}),
    versions: versions.map((version) => toVersion(version, group, kind)),
    selectableFields: selectableFields(versions),
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
    subresources: toSubresources(version),
  };
}

function toSubresources({ subresources: { status, scale } = {} }: DefinitionVersion): Subresources {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale ?? {};
  return {
    ...(status === undefined ? {} : { status: true }),
    ...(specReplicasPath === undefined || statusReplicasPath === undefined
      ? {}
      : {
          scale: {
            specReplicasPath,
            statusReplicasPath,
            ...(labelSelectorPath === undefined ? {} : { labelSelectorPath }),
          },
        }),
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
