import { ApiError } from '../apiserver/ApiError.ts';
import type { AdmissionContext, ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { messageOf } from '../client/messageOf.ts';
import type { ComponentLog } from './ComponentLogs.ts';

/** A resource whose webhooks log what they refuse. */
export function loggedAdmission(
  definition: ResourceDefinition,
  log: ComponentLog,
): ResourceDefinition {
  const { admission } = definition;
  if (admission === undefined) return definition;
  const logged =
    (work: ((context: AdmissionContext) => void | Promise<void>) | undefined) =>
    async (context: AdmissionContext): Promise<void> => {
      try {
        await work?.(context);
      } catch (error) {
        if (!context.dryRun) tell(log, definition.kind, context, error);
        throw error;
      }
    };
  return {
    ...definition,
    admission: {
      ...(admission.mutate && { mutate: logged((context) => admission.mutate?.(context)) }),
      ...(admission.validate && { validate: logged((context) => admission.validate?.(context)) }),
    },
  };
}

function tell(log: ComponentLog, kind: string, context: AdmissionContext, error: unknown): void {
  const { operation, namespace, name, user } = context;
  const message = messageOf(error);
  const fields = { operation, kind, namespace, name, username: user.username };
  if (error instanceof ApiError) log.warning(message, fields);
  else log.error(message, fields);
}
