import type { KubeObject, ResourceRef } from '../../client/KubeClient.ts';
import type { Condition } from '../../client/resources.ts';

/** A name that stands for a value in the VirtualMachine of a template. */
export interface Parameter {
  name: string;
  displayName?: string;
  description?: string;
  value?: string;
  /** `expression`, or nothing. */
  generate?: string;
  /** What the generator makes a value of: `[a-z0-9]{8}`. */
  from?: string;
  required?: boolean;
}

export interface TemplateSpec {
  /** A VirtualMachine in which `${NAME}` and `${{NAME}}` stand for parameters. */
  virtualMachine: unknown;
  parameters?: Parameter[];
  message?: string;
}

export interface VirtualMachineTemplate extends KubeObject {
  spec: TemplateSpec;
  status?: { conditions?: Condition[] };
}

export const virtualMachineTemplates: ResourceRef<VirtualMachineTemplate> = {
  group: 'template.kubevirt.io',
  version: 'v1beta1',
  kind: 'VirtualMachineTemplate',
  plural: 'virtualmachinetemplates',
  namespaced: true,
};
