import type { Pod } from '../../client/resources.ts';
import type { Condition } from './conditions.ts';

/**
 * May a guest start in the pod? The container of the guest has its readiness probes, which succeed only
 * later: it must run, the others be ready. KubeVirt: pkg/virt-controller/watch/common, IsPodReady (d923fdb).
 */
export function isPodReady({ status, metadata }: Pod): boolean {
  if (metadata.deletionTimestamp || status?.phase !== 'Running') return false;
  return (status.containerStatuses ?? []).every(({ name, ready, state }) =>
    name === 'compute' ? state?.running !== undefined : ready,
  );
}

/** The condition Synchronized of a VMI whose pod cannot get an image (checkForContainerImageError, d923fdb). */
export function imagePullFailure({ status }: Pod): Condition | undefined {
  for (const { state } of status?.containerStatuses ?? []) {
    const { reason, message = '' } = state?.waiting ?? {};
    if (reason !== 'ErrImagePull' && reason !== 'ImagePullBackOff') continue;
    return { type: 'Synchronized', status: 'False', reason, message };
  }
  return undefined;
}
