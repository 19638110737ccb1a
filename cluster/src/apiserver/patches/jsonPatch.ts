// By this path, because beside the package's main file lies a TypeScript source that does not load.
import { applyPatch, JsonPatchError, type Operation } from 'fast-json-patch/commonjs/core.js';
import { ApiError, badRequest } from '../ApiError.ts';
import { isObject } from '../json.ts';

/** More operations in one patch are refused, as by the API server. */
const maxOperations = 10_000;

/**
 * Applies an RFC 6902 patch. What cannot be applied, a failed `test` among it, is 422 with the
 * wording of the API server.
 */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations) || !operations.every(isObject)) {
    throw badRequest('a JSON patch must be a list of operations');
  }
  if (operations.length > maxOperations) {
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    );
  }
  // The library checks each operation itself; its type only says what it hopes to find.
  const checked = operations as unknown as Operation[];
  try {
    return applyPatch(target, checked, true, false).newDocument;
  } catch (error) {
    if (error instanceof JsonPatchError) throw unprocessable(error);
    // The library refuses paths through prototypes in this way.
    if (error instanceof TypeError) throw unapplicable(error.message.split(',', 1).join(''));
    throw error;
  }
}

function unprocessable(error: InstanceType<typeof JsonPatchError>): ApiError {
  const operation: unknown = error.operation;
  const path =
    isObject(operation) && typeof operation['path'] === 'string' ? operation['path'] : '';
  const message =
    error.name === 'TEST_OPERATION_FAILED'
      ? `testing value ${path} failed: test failed`
      : `${path}: ${error.message.split('\n', 1).join('')}`;
  return unapplicable(message);
}

function unapplicable(message: string): ApiError {
  return new ApiError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${message}`,
    {},
  );
}
