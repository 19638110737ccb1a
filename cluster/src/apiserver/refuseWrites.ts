import { notImplemented } from './ApiError.ts';
import type { Admission, AdmissionContext } from './ResourceDefinition.ts';

/**
 * For a resource that is listed, so that clients find its kind, while nothing here acts on it: every write
 * answers 501 and says what is missing.
 */
export function refuseWrites(resource: string, missing: string): Admission {
  const refuse = ({ operation }: AdmissionContext) => {
    throw notImplemented(`${operation.toLowerCase()} of ${resource}; ${missing}`);
  };
  return { mutate: refuse, validate: refuse };
}
