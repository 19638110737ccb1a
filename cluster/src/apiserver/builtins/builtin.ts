import type { KubeObject } from '../../client/KubeClient.ts';
import { builtinSchema } from '../openApiModels.ts';
import type { ResourceDefinition } from '../ResourceDefinition.ts';

/** What tells one built-in kind from another; names, version and schema follow from the kind. */
export type BuiltinKind<T extends KubeObject> = Omit<
  ResourceDefinition<T>,
  'versions' | 'singular' | 'strategicMerge' | 'model' | 'schema'
>;

/** A kind of Kubernetes itself, in version v1, checked by Kubernetes' own OpenAPI model. */
export function builtin<T extends KubeObject = KubeObject>(
  kind: BuiltinKind<T>,
): ResourceDefinition<T> {
  const model = builtinModel(kind.group, kind.kind);
  return {
    ...kind,
    versions: [{ name: 'v1' }],
    singular: kind.kind.toLowerCase(),
    strategicMerge: true,
    model,
    get schema() {
      return builtinSchema(model);
    },
  };
}

function builtinModel(group: string, kind: string): string {
  if (group === 'apiextensions.k8s.io') {
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${kind}`;
  }
  const [first = ''] = group.split('.');
  return `io.k8s.api.${first === '' ? 'core' : first}.v1.${kind}`;
}
