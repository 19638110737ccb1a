import { ApiError } from '../../apiserver/ApiError.ts';
import { ageColumn } from '../../apiserver/printing/ageColumn.ts';
import { conditionColumn, textColumn } from '../../apiserver/printing/columns.ts';
import { refuseWrites } from '../../apiserver/refuseWrites.ts';
import type {
  AdmissionContext,
  JsonSchema,
  ResourceDefinition,
} from '../../apiserver/ResourceDefinition.ts';
import { checkReferences, processTemplate, TemplateError } from './processTemplate.ts';
import { type VirtualMachineTemplate, virtualMachineTemplates } from './resources.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });

const parameter: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text('Name of the parameter. It is referred to as ${NAME}.'),
    displayName: text('Name that is shown instead.'),
    description: text('What the parameter is for.'),
    value: text('Value of the parameter. With it nothing is generated.'),
    generate: { ...text('The generator that makes a value.'), enum: ['expression'] },
    from: {
      ...text('What the generator makes a value of: [a-zA-Z0-9]{length}.'),
      pattern: String.raw`\[([a-zA-Z0-9\-\\]+)\](\{(\w+)\})`,
    },
    required: { type: 'boolean', description: 'Whether there must be a value or a generator.' },
  },
};

const condition: JsonSchema = {
  type: 'object',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    type: text('Type of the condition.'),
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: text('The reason in one word.'),
    message: text('The reason for people.'),
    lastTransitionTime: { type: 'string', format: 'date-time' },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
  },
};

/** config/crd/bases/template.kubevirt.io_virtualmachinetemplates.yaml of virt-template, e5d8e40. */
const schema: JsonSchema = {
  type: 'object',
  description: 'A VirtualMachine with parameters, from which VirtualMachines are made.',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['virtualMachine'],
      properties: {
        virtualMachine: {
          type: 'object',
          description: 'The VirtualMachine, in which parameters are referred to.',
          'x-kubernetes-preserve-unknown-fields': true,
        },
        parameters: {
          type: 'array',
          description: 'Names that stand for values.',
          items: parameter,
        },
        message: text('What the user of a new VirtualMachine should know.'),
      },
    },
    status: {
      type: 'object',
      properties: {
        conditions: {
          type: 'array',
          items: condition,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
        },
      },
    },
  },
};

/** internal/webhook/v1beta1/virtualmachinetemplate_webhook.go (e5d8e40). */
function validate(context: AdmissionContext<VirtualMachineTemplate>): void {
  if (context.operation === 'DELETE' || context.subresource !== '') return;
  const { spec } = context.object;
  try {
    for (const warning of checkReferences(spec)) context.warn(warning);
  } catch (error) {
    throw refusal(error, '');
  }
  const open = (spec.parameters ?? []).filter(
    ({ required, value, generate }) => required && !value && !generate,
  );
  for (const { name } of open) {
    context.warn(
      `processing validation skipped: required parameter ${JSON.stringify(name)} has neither value nor generator`,
    );
  }
  if (open.length > 0) return;
  try {
    processTemplate(spec);
  } catch (error) {
    throw refusal(error, 'processing validation failed: ');
  }
}

/** The framework of that webhook answers 403 for any error. */
function refusal(error: unknown, lead: string): unknown {
  if (!(error instanceof TemplateError)) return error;
  const webhook = 'vvirtualmachinetemplate-v1beta1.kb.io';
  return new ApiError(
    403,
    'Forbidden',
    `admission webhook "${webhook}" denied the request: ${lead}${error.message}`,
  );
}

const { group, kind, plural, namespaced } = virtualMachineTemplates;

const virtualMachineTemplate: ResourceDefinition<VirtualMachineTemplate> = {
  ...{ group, kind, plural, namespaced, schema },
  singular: 'virtualmachinetemplate',
  // Upstream stores v1alpha1; they are alike.
  versions: [
    {
      name: 'v1alpha1',
      storage: true,
      deprecationWarning:
        'template.kubevirt.io/v1alpha1 VirtualMachineTemplate is deprecated; use template.kubevirt.io/v1beta1 VirtualMachineTemplate',
    },
    { name: 'v1beta1' },
  ],
  shortNames: ['vmt', 'vmts'],
  subresources: { status: true },
  columns: [ageColumn, conditionColumn('Ready', 'Ready')],
  admission: { validate },
};

/** Makes a template of a VM; there is no controller of it here. */
const virtualMachineTemplateRequest: ResourceDefinition = {
  group,
  namespaced,
  kind: 'VirtualMachineTemplateRequest',
  plural: 'virtualmachinetemplaterequests',
  singular: 'virtualmachinetemplaterequest',
  versions: virtualMachineTemplate.versions.map((version) => ({
    ...version,
    ...(version.deprecationWarning !== undefined && {
      deprecationWarning: version.deprecationWarning.replaceAll(kind, `${kind}Request`),
    }),
  })),
  shortNames: ['vmtr', 'vmtrs'],
  subresources: { status: true },
  columns: [
    textColumn('Template', '.status.templateRef.name'),
    ageColumn,
    conditionColumn('Ready', 'Ready'),
    conditionColumn('Progressing', 'Progressing'),
  ],
  admission: refuseWrites(
    `virtualmachinetemplaterequests.${group}`,
    'this cluster makes no templates of virtual machines',
  ),
};

/** The resources of template.kubevirt.io. */
export const templateDefinitions: readonly ResourceDefinition[] = [
  virtualMachineTemplate,
  virtualMachineTemplateRequest,
];
