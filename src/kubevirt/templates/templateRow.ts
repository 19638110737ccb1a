import type { KubernetesObject } from '~/k8s/KubernetesObject';

import { readAt } from '../catalog/fieldAt';

/** A parameter as both kinds of templates have it. */
export interface TemplateParameter {
  name: string;
  displayName?: string;
  description?: string;
  value?: string;
  /** `expression`, or nothing. */
  generate?: string;
  from?: string;
  required?: boolean;
}

/** template.kubevirt.io VirtualMachineTemplate. */
export interface VmTemplate extends KubernetesObject {
  spec?: {
    virtualMachine?: object;
    parameters?: TemplateParameter[];
    message?: string;
  };
}

/** template.openshift.io Template. */
export interface OpenshiftTemplate extends KubernetesObject {
  objects?: object[];
  parameters?: TemplateParameter[];
  message?: string;
  /** Put on all objects. */
  labels?: { [key: string]: string };
}

export type AnyTemplate = VmTemplate & OpenshiftTemplate;

/** A template as the list shows it. */
export interface TemplateRow {
  key: string;
  kind: 'VirtualMachineTemplate' | 'Template';
  namespace: string;
  name: string;
  title: string;
  description: string;
  /** `fedora`, `rhel9` ..., or ''. */
  os: string;
  /** `server`, `desktop`, `highperformance`, or ''. */
  workload: string;
  vendor: string;
  /** What the first disk is made from; '' when nothing tells. */
  source: string;
  /** Name of the instance type; '' for a size of its own. */
  instancetype: string;
  parameters: number;
  isDeprecated: boolean;
  created: string;
}

/** Where the parameters of a template are. */
export function parametersPath(template: AnyTemplate): readonly string[] {
  return isOpenshift(template) ? ['parameters'] : ['spec', 'parameters'];
}

export function isOpenshift({ kind, objects }: AnyTemplate): boolean {
  return kind === 'Template' || (kind === undefined && objects !== undefined);
}

export function parametersOf(template: AnyTemplate): readonly TemplateParameter[] {
  return (isOpenshift(template) ? template.parameters : template.spec?.parameters) ?? [];
}

export function messageOf(template: AnyTemplate): string {
  return (isOpenshift(template) ? template.message : template.spec?.message) ?? '';
}

/** What is made, with parameters in it: the VirtualMachine, and what else an OpenShift template has. */
export function objectsOf(template: AnyTemplate): readonly object[] {
  if (isOpenshift(template)) return template.objects ?? [];
  const { virtualMachine } = template.spec ?? {};
  return virtualMachine === undefined
    ? []
    : [{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', ...virtualMachine }];
}

/** Where the VirtualMachine is; undefined in a template that has none. */
export function vmPath(template: AnyTemplate): readonly string[] | undefined {
  if (!isOpenshift(template)) return ['spec', 'virtualMachine'];
  const index = (template.objects ?? []).findIndex(
    (object) => readAt(object, ['kind']) === 'VirtualMachine',
  );
  return index < 0 ? undefined : ['objects', `${index}`];
}

export function vmOf(template: AnyTemplate): object | undefined {
  return objectsOf(template).find((object) => readAt(object, ['kind']) === 'VirtualMachine');
}

const prefix = 'template.kubevirt.io';

/** `os.template.kubevirt.io/fedora40: "true"` says fedora40 (kubevirt/common-templates). */
function labelled(labels: Readonly<Record<string, string>>, what: string): string {
  const start = `${what}.${prefix}/`;
  const key = Object.keys(labels).find((one) => one.startsWith(start) && labels[one] !== 'false');
  return key?.slice(start.length) ?? '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The row of a template; undefined for one that makes no VirtualMachine. */
export function toTemplateRow(
  kind: TemplateRow['kind'],
  object: AnyTemplate,
): TemplateRow | undefined {
  return vmOf({ ...object, kind }) && templateFacts(kind, object);
}

/** What is told of a template; where it makes no VirtualMachine, what that would have is ''. */
export function templateFacts(kind: TemplateRow['kind'], object: AnyTemplate): TemplateRow {
  const template = { ...object, kind };
  const vm = vmOf(template);
  const { name = '', namespace = '', labels = {}, annotations = {} } = object.metadata ?? {};
  const volumes = readAt(vm, ['spec', 'dataVolumeTemplates']);
  const first: unknown = Array.isArray(volumes) ? volumes[0] : undefined;
  return {
    key: `${kind}/${namespace}/${name}`,
    ...{ kind, namespace, name },
    title: annotations['openshift.io/display-name'] ?? '',
    description: annotations['description'] ?? '',
    os: labelled(labels, 'os'),
    workload: labelled(labels, 'workload'),
    vendor:
      annotations['openshift.io/provider-display-name'] ?? annotations[`${prefix}/provider`] ?? '',
    source: text(readAt(first, ['spec', 'sourceRef', 'name'])),
    instancetype: text(readAt(vm, ['spec', 'instancetype', 'name'])),
    parameters: parametersOf(template).length,
    isDeprecated:
      annotations[`${prefix}/deprecated`] === 'true' || labels[`${prefix}/deprecated`] === 'true',
    created: object.metadata?.creationTimestamp ?? '',
  };
}

export const toVmTemplateRow = (object: VmTemplate) =>
  toTemplateRow('VirtualMachineTemplate', object);
export const toOpenshiftTemplateRow = (object: OpenshiftTemplate) =>
  toTemplateRow('Template', object);
