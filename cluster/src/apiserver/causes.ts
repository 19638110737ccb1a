import type { StatusCause } from './ApiError.ts';

// The words of k8s.io/apimachinery/pkg/util/validation/field.

/** Something that has to be there; `problem` says why, or is ''. */
export function required(field: string, problem = ''): StatusCause {
  const message = problem === '' ? 'Required value' : `Required value: ${problem}`;
  return { reason: 'FieldValueRequired', message, field };
}

export function forbiddenAt(field: string, problem: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${problem}`, field };
}

export function invalidAt(field: string, value: unknown, problem: string): StatusCause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${problem}`;
  return { reason: 'FieldValueInvalid', message, field };
}

/** A value that is none of those that may be. */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly unknown[],
): StatusCause {
  const list = supported.map((item) => JSON.stringify(item)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field };
}
