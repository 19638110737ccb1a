import type { JsonSchema } from '../ResourceDefinition.ts';
import type { FieldSet, FieldSetDraft } from './FieldSet.ts';
import { childrenOf, listProblem, structureOf } from './structure.ts';

/** A list of an applied configuration that has no key, or the same one twice. */
export class AppliedListError extends Error {
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
    this.name = 'AppliedListError';
  }
}

/**
 * The paths that an applied configuration claims: its leaves, and each entry of a list with its keys.
 * Throws AppliedListError.
 */
export function appliedFields(schema: JsonSchema | undefined, configuration: unknown): FieldSet {
  return fieldsBelow(schema, configuration, '');
}

function fieldsBelow(schema: JsonSchema | undefined, value: unknown, path: string): FieldSetDraft {
  if (Array.isArray(value)) {
    const problem = listProblem(schema, value);
    if (problem !== undefined) throw new AppliedListError(path, problem);
  }
  const node: FieldSetDraft = {};
  for (const [element, child] of childrenOf(schema, structureOf(schema, value))) {
    const below = fieldsBelow(child.schema, child.value, `${path}.${element.slice(2)}`);
    // The entry of a list is claimed itself, an object only by its fields.
    const isEntry = !element.startsWith('f:') && Object.keys(below).length > 0;
    node[element] = isEntry ? { '.': {}, ...below } : below;
  }
  return node;
}
