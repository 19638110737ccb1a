import { forbidden, invalid } from '../ApiError.ts';
import { systemUser } from '../auth/UserInfo.ts';
import { builtin } from '../builtins/builtin.ts';
import type { Registry } from '../Registry.ts';
import type { AdmissionContext, ResourceDefinition } from '../ResourceDefinition.ts';
import { definitionCauses, definitionUpdateCauses } from './definitionCauses.ts';
import { cleanupFinalizer, type DefinitionObject } from './DefinitionObject.ts';
import { namesStatus, type TakenNames } from './namesStatus.ts';

export const definitionResourceName = {
  group: 'apiextensions.k8s.io',
  plural: 'customresourcedefinitions',
} as const;

interface Access {
  /** Asked for when a request comes, because the registry holds this resource too. */
  registry(): Registry;
  now(): Date;
}

/** CustomResourceDefinitions: what users add to the API. */
export function definitionResource(access: Access): ResourceDefinition<DefinitionObject> {
  return builtin<DefinitionObject>({
    ...definitionResourceName,
    kind: 'CustomResourceDefinition',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    subresources: { status: true },
    columns: [{ name: 'Created At', type: 'string', value: '.metadata.creationTimestamp' }],
    admission: {
      mutate(request) {
        const { object, operation } = request;
        if (object === undefined || isFixed(access, object)) return;
        const { spec, metadata } = object;
        const { names = {} } = spec;
        spec.names = {
          ...names,
          singular: names.singular ?? (names.kind ?? '').toLowerCase(),
          listKind: names.listKind ?? `${names.kind ?? ''}List`,
        };
        spec.conversion ??= { strategy: 'None' };
        if (operation === 'CREATE') {
          metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), cleanupFinalizer])];
        }
        const taken = takenNames(access.registry(), object);
        object.status = namesStatus(object, taken, access.now());
      },
      validate: (request) => {
        validate(access, request);
      },
    },
  });
}

function validate(access: Access, request: AdmissionContext<DefinitionObject>): void {
  const { object, oldObject, user, name } = request;
  if (isFixed(access, object ?? oldObject)) {
    if (user.username === systemUser.username) return;
    throw forbidden(definitionResourceName, name, 'this resource is a part of the cluster');
  }
  if (object === undefined) return;
  const causes = [
    ...definitionCauses(object),
    ...(oldObject === undefined ? [] : definitionUpdateCauses(object, oldObject)),
  ];
  const kind = { group: definitionResourceName.group, kind: 'CustomResourceDefinition' };
  if (causes.length > 0) throw invalid(kind, name, causes);
}

function isFixed(access: Access, { metadata }: DefinitionObject): boolean {
  return access.registry().isFixed(metadata.name);
}

/** The names of all other resources of the group. */
function takenNames(registry: Registry, definition: DefinitionObject): TakenNames {
  const { group, names = {} } = definition.spec;
  const others = registry.resources.filter(
    (resource) => resource.group === group && resource.plural !== names.plural,
  );
  return {
    resources: new Set(
      others.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]),
    ),
    kinds: new Set(others.flatMap(({ kind, listKind }) => [kind, listKind ?? `${kind}List`])),
  };
}
