import type { RoleBinding } from '../../client/resources.ts';
import { invalid, type StatusCause } from '../ApiError.ts';
import { notSupported, required } from '../causes.ts';
import type { Admission } from '../ResourceDefinition.ts';

const group = 'rbac.authorization.k8s.io';
const subjectKinds = ['ServiceAccount', 'User', 'Group'];

type Subject = NonNullable<RoleBinding['subjects']>[number];

/**
 * The defaults and rules of RoleBindings and ClusterRoleBindings. Kubernetes: pkg/apis/rbac/v1/defaults.go and
 * pkg/apis/rbac/validation/validation.go (v1.33).
 */
export function bindingAdmission(
  kind: 'RoleBinding' | 'ClusterRoleBinding',
): Admission<RoleBinding> {
  const isNamespaced = kind === 'RoleBinding';
  return {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      object.roleRef.apiGroup ||= group;
      for (const subject of object.subjects ?? []) {
        if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group;
      }
    },
    validate({ object, name }) {
      if (object === undefined) return;
      const causes = [
        ...roleCauses(object.roleRef, isNamespaced),
        ...(object.subjects ?? []).flatMap((subject, index) =>
          subjectCauses(subject, `subjects[${index}]`, isNamespaced),
        ),
      ];
      if (causes.length > 0) throw invalid({ group, kind }, name, causes);
    },
  };
}

function roleCauses(
  { apiGroup, kind, name }: RoleBinding['roleRef'],
  isNamespaced: boolean,
): StatusCause[] {
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...oneOf('roleRef.apiGroup', apiGroup, [group]),
    ...oneOf('roleRef.kind', kind, kinds),
    ...given('roleRef.name', name),
  ];
}

function subjectCauses(
  { kind, name, namespace, apiGroup = '' }: Subject,
  field: string,
  isNamespaced: boolean,
): StatusCause[] {
  const ofKind: StatusCause[] =
    kind === 'ServiceAccount'
      ? [
          ...oneOf(`${field}.apiGroup`, apiGroup, ['']),
          ...(isNamespaced ? [] : given(`${field}.namespace`, namespace)),
        ]
      : subjectKinds.includes(kind)
        ? oneOf(`${field}.apiGroup`, apiGroup, [group])
        : oneOf(`${field}.kind`, kind, subjectKinds);
  return [...given(`${field}.name`, name), ...ofKind];
}

function given(field: string, value: string | undefined): StatusCause[] {
  return value ? [] : [required(field)];
}

function oneOf(field: string, value: string, allowed: readonly string[]): StatusCause[] {
  return allowed.includes(value) ? [] : [notSupported(field, value, allowed)];
}
