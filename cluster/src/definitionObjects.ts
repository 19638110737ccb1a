import { type ResourceDefinition, storageVersion } from './apiserver/ResourceDefinition.ts';
import type { Draft, KubeClient } from './client/KubeClient.ts';
import { type CustomResourceDefinition, customResourceDefinitions } from './client/resources.ts';

/**
 * Shows what the server serves as CustomResourceDefinitions, for clients that look there to learn what a
 * cluster can do. They are for reading: the server itself works by its definitions. What is there as it
 * should be is not written again.
 */
export async function publishDefinitions(
  client: KubeClient,
  definitions: readonly ResourceDefinition[],
): Promise<void> {
  const { items } = await client.list(customResourceDefinitions);
  const known = new Map(items.map((item) => [item.metadata.name, item]));
  await Promise.all(
    definitions.map(async (definition) => {
      const draft = definitionObject(definition);
      const key = { name: draft.metadata.name ?? '' };
      const existing = known.get(key.name);
      if (existing !== undefined && JSON.stringify(existing.spec) === JSON.stringify(draft.spec)) {
        return;
      }
      if (existing === undefined) await client.create(customResourceDefinitions, draft);
      else await client.update(customResourceDefinitions, { ...existing, spec: draft.spec });
      await client.patch(
        customResourceDefinitions,
        key,
        { type: 'merge', body: { status: establishedStatus(definition) } },
        { subresource: 'status' },
      );
    }),
  );
}

function namesOf(definition: ResourceDefinition): CustomResourceDefinition['spec']['names'] {
  const { kind, plural, singular, shortNames, categories } = definition;
  return {
    kind,
    listKind: `${kind}List`,
    plural,
    singular,
    ...(shortNames && { shortNames: [...shortNames] }),
    ...(categories && { categories: [...categories] }),
  };
}

function definitionObject(definition: ResourceDefinition): Draft<CustomResourceDefinition> {
  const { group, plural, namespaced, versions, schema, subresources, columns = [] } = definition;
  const stored = storageVersion(definition);
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: namesOf(definition),
      versions: versions.map(({ name, served, deprecationWarning }) => ({
        name,
        served: served !== false,
        storage: name === stored,
        ...(deprecationWarning !== undefined && { deprecated: true, deprecationWarning }),
        schema: { openAPIV3Schema: schema ?? anything },
        ...(subresources?.status && { subresources: { status: {} } }),
        additionalPrinterColumns: columns.map(({ value, ...column }) => ({
          ...column,
          jsonPath: typeof value === 'string' ? value : '',
        })),
      })),
    },
  };
}

function establishedStatus(
  definition: ResourceDefinition,
): NonNullable<CustomResourceDefinition['status']> {
  return {
    acceptedNames: namesOf(definition),
    storedVersions: [storageVersion(definition)],
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'True',
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ],
  };
}
