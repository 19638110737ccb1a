import type { V1CPU } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** The label of nodes that can give guests a processor of the model. */
export const cpuModelLabel = (model: string) => `cpu-model.node.kubevirt.io/${model}`;

/** The model that a guest is to have; undefined where it gets what the host has. */
export function namedCpuModel(cpu: V1CPU | undefined): string | undefined {
  const model = cpu?.model ?? '';
  return ['', 'host-model', 'host-passthrough'].includes(model) ? undefined : model;
}
