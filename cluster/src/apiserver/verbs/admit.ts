import type { ApiContext, Target } from '../ApiContext.ts';
import { systemUser } from '../auth/UserInfo.ts';
import { checkSchema, type FieldValidation } from '../schema/checkSchema.ts';
import type { AdmissionContext, AnyObject } from '../ResourceDefinition.ts';
import { validateMetadata } from './validateMetadata.ts';

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldValidation?: FieldValidation;
}

interface Step {
  readonly name: string;
  readonly subresource: string;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

type Operation =
  | { operation: 'CREATE'; object: AnyObject; oldObject: undefined }
  | { operation: 'UPDATE'; object: AnyObject; oldObject: AnyObject }
  | { operation: 'DELETE'; object: undefined; oldObject: AnyObject };

/**
 * Takes a request through the stages of Kubernetes: mutation, the rules of metadata and schema, then
 * validation. Built-ins are checked by their schema first, as decoding does it. `operation.object` may be
 * changed.
 */
export async function admit(
  context: ApiContext,
  target: Target,
  step: Step,
  operation: Operation,
): Promise<void> {
  const { admission } = target.resource;
  const request: AdmissionContext = {
    user: target.user,
    dryRun: step.dryRun,
    subresource: step.subresource,
    namespace: target.namespace,
    name: step.name,
    client: context.clientFor(systemUser),
    warn: (text) => target.warn(text),
    ...operation,
  };
  const decodedFirst = target.resource.strategicMerge === true;
  if (operation.object !== undefined && decodedFirst) {
    checkSchema(target, operation.object, operation.oldObject, step.fieldValidation);
  }
  if (operation.operation !== 'DELETE') await admission?.mutate?.(request);
  if (operation.object !== undefined) {
    validateMetadata(target.resource, operation.object);
    if (!decodedFirst)
      checkSchema(target, operation.object, operation.oldObject, step.fieldValidation);
  }
  await admission?.validate?.(request);
}
