import type { UseFormReturn } from 'react-hook-form';

import type { FieldName, VmFormValues } from './vmForm';

/** The message of a field, of our check or of the server's. */
export function fieldError(
  { formState }: UseFormReturn<VmFormValues>,
  field: FieldName,
): string | undefined {
  const message = formState.errors[field]?.message;
  return typeof message === 'string' ? message : undefined;
}
