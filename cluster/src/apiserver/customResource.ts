import type { KubeObject } from '../client/KubeClient.ts';
import { customSchema } from './openApiModels.ts';
import type { ResourceDefinition } from './ResourceDefinition.ts';

/** A definition whose schema is derived from a generated model. */
export type ModelledKind<T extends KubeObject> = Omit<
  ResourceDefinition<T>,
  'singular' | 'strategicMerge' | 'schema'
> & { readonly singular?: string; readonly model: string };

/** A custom resource as its project's CustomResourceDefinition describes it, checked by the model. */
export function customResource<T extends KubeObject = KubeObject>(
  kind: ModelledKind<T>,
): ResourceDefinition<T> {
  return {
    singular: kind.kind.toLowerCase(),
    ...kind,
    get schema() {
      return customSchema(kind.model);
    },
  };
}
