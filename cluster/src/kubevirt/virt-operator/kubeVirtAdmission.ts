import { notImplemented } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import type { KubeVirt } from '../resources.ts';

/** The parts of `spec.configuration` that this cluster acts on; where only some fields count, those. */
const honoured: Record<string, readonly string[] | 'all'> = {
  migrations: 'all',
  evictionStrategy: 'all',
  vmRolloutStrategy: 'all',
  liveUpdateConfiguration: 'all',
  cpuModel: 'all',
  vmStateStorageClass: 'all',
  developerConfiguration: [
    ...['featureGates', 'disabledFeatureGates', 'cpuAllocationRatio', 'memoryOvercommit'],
    'useEmulation',
  ],
  network: ['defaultNetworkInterface', 'permitBridgeInterfaceOnPodNetwork'],
};

/** Paths below `spec.configuration` that are set and have no effect. */
function withoutEffect(configuration: object): string[] {
  return Object.entries(configuration).flatMap(([name, value]: [string, unknown]) => {
    if (isEmpty(value)) return [];
    const fields = honoured[name];
    if (fields === 'all') return [];
    if (fields === undefined || typeof value !== 'object' || value === null) return [name];
    return Object.keys(value)
      .filter((field) => !fields.includes(field))
      .map((field) => `${name}.${field}`);
  });
}

/** Tells what of a KubeVirt object has no effect here, and keeps it from being uninstalled. */
export const kubeVirtAdmission: Admission<KubeVirt> = {
  validate(context) {
    if (context.operation === 'DELETE') {
      // A second one installs nothing.
      const isSecond = context.oldObject.status?.phase === undefined;
      if (isSecond) return;
      throw notImplemented('delete of the KubeVirt object; KubeVirt is part of this cluster');
    }
    if (context.subresource !== '') return;
    const configuration: object = context.object.spec['configuration'] ?? {};
    for (const name of withoutEffect(configuration)) {
      context.warn(`spec.configuration.${name} is kept but has no effect in this cluster`);
    }
  },
};

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
