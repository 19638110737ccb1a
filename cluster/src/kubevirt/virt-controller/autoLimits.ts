import type { Informer } from '../../client/Informer.ts';
import type { ResourceQuota } from '../../client/quotaKinds.ts';
import type { Namespace } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/** Limits of a launcher pod that nobody asked for, but without which a quota would refuse it. */
export interface AutoLimits {
  /** As many processors as the guest has. */
  cpu: boolean;
  /** Times what the pod requests; undefined for none. */
  memoryRatio: number | undefined;
}

/** Of the namespace (KubeVirt staging/src/kubevirt.io/api/core/v1/types.go, AutoMemoryLimitsRatioLabel, d923fdb). */
const ratioLabel = 'alpha.kubevirt.io/auto-memory-limits-ratio';
const defaultRatio = 2;

export interface LimitSources {
  resourceQuotas: Informer<ResourceQuota>;
  namespaces: Informer<Namespace>;
}

/**
 * Which limits the launcher of a VMI gets: those that a quota of its namespace bounds, and that the VMI
 * does not set (KubeVirt pkg/virt-controller/services/template.go, doesVMIRequireAutoResourceLimits, and
 * renderresources.go, WithAutoMemoryLimits, d923fdb).
 */
export function autoLimits(
  { metadata: { namespace = '' }, spec }: VirtualMachineInstance,
  { resourceQuotas, namespaces }: LimitSources,
): AutoLimits {
  const given: object = spec.domain.resources?.limits ?? {};
  const isWanted = (resource: 'cpu' | 'memory') =>
    !Object.keys(given).includes(resource) &&
    resourceQuotas
      .list(namespace)
      .some((quota) => quota.spec?.hard?.[`limits.${resource}`] !== undefined);
  const labels = namespaces.get({ name: namespace })?.metadata.labels;
  const ratio = Number.parseFloat(labels?.[ratioLabel] ?? '');
  return {
    cpu: isWanted('cpu'),
    memoryRatio: isWanted('memory') ? (ratio >= 1 ? ratio : defaultRatio) : undefined,
  };
}
