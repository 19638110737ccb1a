import { notImplemented } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import type { KubeVirt } from '../resources.ts';

/** The parts of `spec.configuration` that this cluster acts on. */
const honoured = new Set(['migrations', 'evictionStrategy']);

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
    for (const [name, value] of Object.entries(configuration)) {
      if (honoured.has(name) || isEmpty(value)) continue;
      context.warn(`spec.configuration.${name} is kept but has no effect in this cluster`);
    }
  },
};

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
