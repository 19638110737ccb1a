import type { StatusCause } from '../ApiError.ts';
import { invalidAt } from '../causes.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { fitsFormat } from './formats.ts';

/** What a number breaks of its schema. */
export function numberCauses(schema: JsonSchema, value: number, path: string): StatusCause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  const problems: string[] = [];
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    problems.push(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    problems.push(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    problems.push(`a multiple of ${multipleOf}`);
  }
  if (format === 'int32' && Math.abs(value) > 2 ** 31) problems.push('of type int32');
  return problems.map((text) => invalidAt(path, value, `${path} in body should be ${text}`));
}

/** What a text breaks of its schema. Lengths are counted in characters, as by the API server. */
export function stringCauses(schema: JsonSchema, value: string, path: string): StatusCause[] {
  const { minLength, maxLength, pattern, format } = schema;
  const causes: StatusCause[] = [];
  const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: path });
  }
  if (minLength !== undefined && length < minLength) {
    const text = `${path} in body should be at least ${minLength} chars long`;
    causes.push(invalidAt(path, value, text));
  }
  if (pattern !== undefined && expression(pattern)?.test(value) === false) {
    causes.push(invalidAt(path, value, `${path} in body should match '${pattern}'`));
  }
  if (format !== undefined && !fitsFormat(format, value)) {
    const shown = JSON.stringify(value);
    causes.push(invalidAt(path, value, `${path} in body must be of type ${format}: ${shown}`));
  }
  return causes;
}

const expressions = new Map<string, RegExp | undefined>();

/**
 * Patterns come from schemas, so that there are few of them. They are Go's (RE2): what JavaScript does
 * not know of it, an inline flag at the start, is translated. Undefined when it cannot be.
 */
export function expression(pattern: string): RegExp | undefined {
  if (!expressions.has(pattern)) expressions.set(pattern, compile(pattern));
  return expressions.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  const translated = rest.replaceAll('\\A', '^').replaceAll('\\z', '$');
  for (const mode of ['u', '']) {
    try {
      return new RegExp(translated, flags + mode);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
