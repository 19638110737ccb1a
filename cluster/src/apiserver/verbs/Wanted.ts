import type { ManagedEntry } from '../field-management/ManagedFields.ts';
import type { AnyObject } from '../ResourceDefinition.ts';

/** What a request wants an object to become. */
export interface Wanted {
  readonly object: AnyObject;
  /** `metadata.managedFields` as the client sent it; undefined when it did not. */
  readonly managedFields?: unknown;
  /** The outcome of an apply: then `object` is tracked by it already. */
  readonly applied?: readonly ManagedEntry[];
}
