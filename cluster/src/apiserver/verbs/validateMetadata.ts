import { invalid, type StatusCause } from '../ApiError.ts';
import { invalidAt } from '../causes.ts';
import { isObject } from '../json.ts';
import type { AnyObject, NameRule, ResourceDefinition } from '../ResourceDefinition.ts';

/** What names are made of, as texts of regular expressions without their ends. */
export const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
export const subdomain = `${label}(\\.${label})*`;
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
export const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

// The texts are those of k8s.io/apimachinery/pkg/util/validation.
const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const dns1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const dns1035Text = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${dns1035}')`;
const labelValueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`;
const qualifiedNameText = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`;

/** Throws 422 when the metadata breaks the rules that hold for every resource. */
export function validateMetadata(resource: ResourceDefinition, object: AnyObject): void {
  const { metadata } = object;
  const causes = [
    ...nameCauses(resource, metadata.name),
    ...mapCauses('metadata.labels', metadata.labels, true),
    ...mapCauses('metadata.annotations', metadata.annotations, false),
    ...sizeCauses(metadata.annotations),
    ...finalizerCauses(resource, metadata.finalizers),
    ...ownerCauses(metadata.ownerReferences),
  ];
  if (causes.length > 0) throw invalid(resource, metadata.name, causes);
}

function nameCauses(resource: ResourceDefinition, name: string): StatusCause[] {
  const field = 'metadata.name';
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    return [{ reason: 'FieldValueRequired', message, field }];
  }
  return nameProblems(resource.nameRule ?? 'subdomain', name).map((problem) => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(name)}: ${problem}`,
    field,
  }));
}

/** Each with its text and the longest name that it allows. */
const patterns = {
  subdomain: [subdomain, subdomainText, 253],
  label: [label, labelText, 63],
  dns1035: [dns1035, dns1035Text, 63],
} as const;

function nameProblems(rule: NameRule, name: string): string[] {
  if (rule === 'path') {
    if (name === '.' || name === '..') return [`may not be '${name}'`];
    return /[/%]/.test(name) ? [`may not contain '/' or '%'`] : [];
  }
  const [pattern, text, limit] = patterns[rule];
  const problems: string[] = [];
  if (name.length > limit) problems.push(`must be no more than ${limit} characters`);
  if (!new RegExp(`^${pattern}$`).test(name)) problems.push(text);
  return problems;
}

function mapCauses(field: string, map: unknown, checkValues: boolean): StatusCause[] {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [typeCause(field, map, 'object')];
  return Object.entries(map).flatMap(([key, value]) => {
    if (typeof value !== 'string') return [typeCause(`${field}.${key}`, value, 'string')];
    const problem = keyProblem(key) ?? (checkValues ? valueProblem(value) : undefined);
    if (problem === undefined) return [];
    const message = `Invalid value: ${JSON.stringify(problem.value)}: ${problem.text}`;
    return [{ reason: 'FieldValueInvalid', message, field } as const];
  });
}

/** Bytes of all annotations of an object, keys and values. */
const annotationLimit = 256 * 1024;

function sizeCauses(annotations: unknown): StatusCause[] {
  if (!isObject(annotations)) return [];
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  if (size <= annotationLimit) return [];
  const message = `Too long: may not be more than ${annotationLimit} bytes`;
  return [{ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' }];
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/**
 * Qualified names; those of built-ins with a domain, unless they are standard (kubernetes
 * pkg/apis/core/validation/validation.go, v1.33). Definitions are not built into the same program there.
 */
function finalizerCauses(
  { strategicMerge, group }: ResourceDefinition,
  names: unknown,
): StatusCause[] {
  if (!Array.isArray(names)) return [];
  const needsDomain = strategicMerge === true && group !== 'apiextensions.k8s.io';
  return names.flatMap((name: unknown, index) => {
    const text = String(name);
    const field = `metadata.finalizers[${index}]`;
    const problem = qualifiedNameProblem(text);
    if (problem !== undefined) return [invalidAt(field, text, problem)];
    if (!needsDomain || text.includes('/') || standardFinalizers.has(text)) return [];
    const unqualified = 'name is neither a standard finalizer name nor is it fully qualified';
    return [invalidAt(field, text, unqualified)];
  });
}

/** What is wrong with a qualified name, `example.com/name`; undefined when it is one. */
export function qualifiedNameProblem(name: string): string | undefined {
  return keyProblem(name)?.text;
}

function keyProblem(key: string): { value: string; text: string } | undefined {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== undefined && !new RegExp(`^${subdomain}$`).test(prefix)) {
    return { value: key, text: `prefix part ${subdomainText}` };
  }
  if (name.length > 63) return { value: key, text: 'name part must be no more than 63 characters' };
  if (!new RegExp(`^${qualifiedName}$`).test(name)) return { value: key, text: qualifiedNameText };
  return undefined;
}

function valueProblem(value: string): { value: string; text: string } | undefined {
  if (value.length > 63) return { value, text: 'must be no more than 63 characters' };
  if (!new RegExp(`^${labelValue}$`).test(value)) return { value, text: labelValueText };
  return undefined;
}

function ownerCauses(owners: unknown): StatusCause[] {
  if (owners === undefined || owners === null) return [];
  const field = 'metadata.ownerReferences';
  if (!Array.isArray(owners)) return [typeCause(field, owners, 'array')];
  const causes = owners.flatMap((owner: unknown, index) =>
    ['apiVersion', 'kind', 'name', 'uid']
      .filter((name) => !isObject(owner) || typeof owner[name] !== 'string' || owner[name] === '')
      .map<StatusCause>((name) => ({
        reason: 'FieldValueRequired',
        message: 'Required value: must not be empty',
        field: `${field}[${index}].${name}`,
      })),
  );
  const controllers = owners.filter((owner) => isObject(owner) && owner['controller'] === true);
  if (controllers.length > 1) {
    const message =
      'Invalid value: Only one reference can have Controller set to true. Found "true" in references';
    causes.push({ reason: 'FieldValueInvalid', message, field });
  }
  return causes;
}

function typeCause(field: string, value: unknown, type: string): StatusCause {
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const message = `Invalid value: ${JSON.stringify(found)}: ${field} in body must be of type ${type}: ${JSON.stringify(found)}`;
  return { reason: 'FieldValueTypeInvalid', message, field };
}
