import type { Informer } from '../../client/Informer.ts';
import type { Pod } from '../../client/resources.ts';

/** The launcher pod of a VMI on a node, one that has not ended. The pods have the index `createdBy`. */
export function launcherPodOn(pods: Informer<Pod>, node: string, uid: string): Pod | undefined {
  return pods
    .byIndex('createdBy', uid)
    .find(
      ({ spec, status }) =>
        spec.nodeName === node && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
}
