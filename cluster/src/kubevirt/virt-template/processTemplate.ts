import type { StatusCause } from '../../apiserver/ApiError.ts';
import { cloneJson, isObject } from '../../apiserver/json.ts';
import { builtinSchema } from '../../apiserver/openApiModels.ts';
import type { JsonSchema } from '../../apiserver/ResourceDefinition.ts';
import { metadataSchema, pruneUnknown } from '../../apiserver/schema/pruneUnknown.ts';
import { schemaCauses } from '../../apiserver/schema/schemaCauses.ts';
import type { VirtualMachine } from '../resources.ts';
import { ExpressionError, generateValue } from './generateValue.ts';
import type { Parameter, TemplateSpec } from './resources.ts';
import {
  collectReferences,
  isParametrised,
  substituteAll,
  substituteText,
  SubstitutionError,
} from './substitute.ts';

/** Why a template cannot be processed: the fields are the template's. */
export class TemplateError extends Error {
  constructor(readonly causes: StatusCause[]) {
    super(causesText(causes));
  }
}

/** As field.ErrorList's aggregate writes them. */
function causesText(causes: readonly StatusCause[]): string {
  const texts = causes.map(({ field = '', message }) => `${field}: ${message}`);
  return texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
}

function invalidValue(field: string, value: unknown, problem: string): StatusCause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${problem}`;
  return { reason: 'FieldValueInvalid', message, field };
}

/** Parameters with the values of a request; undefined names the one that the template has not. */
export function mergeParameters(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
): { merged: Parameter[]; unknown: string | undefined } {
  const unknown = Object.keys(values).find((name) => !parameters.some((one) => one.name === name));
  const merged = parameters.map((one) => {
    const value = Object.hasOwn(values, one.name) ? values[one.name] : undefined;
    return value === undefined ? one : { ...one, value };
  });
  return { merged, unknown };
}

/**
 * Warnings of parameters that nothing refers to. Throws a TemplateError for references to parameters
 * that there are not. (virt-template-engine/template/parameters.go, e5d8e40)
 */
export function checkReferences({ virtualMachine, parameters = [], message }: TemplateSpec) {
  if (!isObject(virtualMachine) || Object.keys(virtualMachine).length === 0) {
    const problem = 'virtualMachine is required and cannot be empty';
    throw new TemplateError([invalidValue('spec.virtualMachine', null, problem)]);
  }
  const references = collectReferences([virtualMachine, message ?? '']);
  const defined = new Set(parameters.map(({ name }) => name));
  const undefinedOnes = [...references].filter((name) => !defined.has(name));
  if (undefinedOnes.length > 0) {
    throw new TemplateError(
      undefinedOnes.map((name) =>
        invalidValue('spec.virtualMachine', name, `references undefined parameter ${name}`),
      ),
    );
  }
  return parameters.flatMap(({ name }, index) =>
    references.has(name)
      ? []
      : [`spec.parameters[${index}].name: ${name} is defined but never referenced`],
  );
}

/**
 * The VirtualMachine that a template makes, and its message. A hard-coded namespace is dropped, one with
 * a parameter stays. Throws a TemplateError. (virt-template-engine/template/processor.go, e5d8e40)
 */
export function processTemplate(spec: TemplateSpec): { vm: VirtualMachine; message: string } {
  const values = valuesOf(spec.parameters ?? []);
  const draft = cloneJson(spec.virtualMachine);
  const metadata = isObject(draft) && isObject(draft['metadata']) ? draft['metadata'] : {};
  const { namespace } = metadata;
  if (typeof namespace === 'string' && !isParametrised(namespace)) delete metadata['namespace'];
  const substituted = attempt('spec.parameters', 'error processing template', () =>
    substituteAll(draft, values),
  );
  refuseForeignFields(substituted);
  const message = attempt('spec.message', 'error processing message', () =>
    substituteText(spec.message ?? '', values),
  );
  // Checked above, as far as virt-template checks: the rest is for virt-api.
  const vm = substituted as VirtualMachine;
  return { vm: { ...vm, apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' }, message };
}

function attempt<T>(field: string, what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    const message = `Invalid value: ${what}: ${error.message}`;
    throw new TemplateError([{ reason: 'FieldValueInvalid', message, field }]);
  }
}

function valuesOf(parameters: readonly Parameter[]): Map<string, string> {
  const values = new Map<string, string>();
  parameters.forEach((parameter, index) => {
    const path = `spec.parameters[${index}]`;
    const { name } = parameter;
    if (name === '') {
      throw new TemplateError([invalidValue(`${path}.name`, name, 'parameter name is empty')]);
    }
    if (values.has(name)) {
      const message = `Duplicate value: ${JSON.stringify(name)}`;
      throw new TemplateError([{ reason: 'FieldValueDuplicate', message, field: `${path}.name` }]);
    }
    const value = parameter.value || generated(parameter, path);
    if (value === '' && parameter.required) {
      const message = `Required value: parameter '${name}' is required and a value must be specified`;
      throw new TemplateError([{ reason: 'FieldValueRequired', message, field: `${path}.value` }]);
    }
    values.set(name, value);
  });
  return values;
}

function generated({ name, generate, from }: Parameter, path: string): string {
  if (!generate) return '';
  if (generate !== 'expression') {
    const problem = `unknown generator name '${generate}' for parameter '${name}'`;
    throw new TemplateError([invalidValue(`${path}.generate`, generate, problem)]);
  }
  if (!from) {
    const problem = `from cannot be empty for parameter '${name}' using generator '${generate}'`;
    throw new TemplateError([invalidValue(`${path}.from`, from ?? '', problem)]);
  }
  try {
    return generateValue(from);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new TemplateError([invalidValue(`${path}.from`, from, error.message)]);
  }
}

let schema: JsonSchema | undefined;

/** Types and names of fields, as Go's strict decoding sees them. */
function refuseForeignFields(vm: unknown): void {
  const model = builtinSchema('io.kubevirt.v1.VirtualMachine');
  const any = { type: 'string' } as const;
  schema ??= {
    ...model,
    properties: { ...model.properties, apiVersion: any, kind: any, metadata: metadataSchema },
  };
  const problems = [
    ...pruneUnknown(schema, cloneJson(vm)).map((field) => `unknown field "${field}"`),
    ...schemaCauses(schema, vm).map(({ field = '', message }) => `${field}: ${message}`),
  ];
  if (problems.length === 0) return;
  const message = `Invalid value: failed to convert unstructured object to VirtualMachine: strict decoding error: ${problems.join(', ')}`;
  throw new TemplateError([{ reason: 'FieldValueInvalid', message, field: 'spec.virtualMachine' }]);
}
