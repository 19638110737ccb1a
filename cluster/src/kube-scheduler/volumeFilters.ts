import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../client/resources.ts';
import { matchesTerm, type Filter } from './nodeFilters.ts';

/** A claim of a pod, with what it is bound to. */
export interface PodClaim {
  name: string;
  /** Undefined when there is none of this name. */
  claim: PersistentVolumeClaim | undefined;
  volume: PersistentVolume | undefined;
  /** Its class has it bound when a pod that uses it has a node. */
  waitsForPod: boolean;
}

/** Names of the claims that a pod uses. */
export function claimNames({ spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  );
}

const isBound = ({ metadata, spec }: PersistentVolumeClaim) =>
  !!spec.volumeName && metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;

/**
 * What keeps a pod off all nodes, in the words of kube-scheduler's plugin VolumeBinding; undefined when its claims
 * are there. Source: Kubernetes pkg/scheduler/framework/plugins/volumebinding (1.33), PreFilter.
 */
export function claimProblem(claims: readonly PodClaim[]): string | undefined {
  for (const { name, claim } of claims) {
    const text = `persistentvolumeclaim "${name}"`;
    if (!claim) return `${text} not found`;
    if (claim.status?.phase === 'Lost')
      return `${text} bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
    if (claim.metadata.deletionTimestamp) return `${text} is being deleted`;
  }
  const isUnbound = ({ claim, waitsForPod }: PodClaim) => claim && !isBound(claim) && !waitsForPod;
  return claims.some(isUnbound) ? 'pod has unbound immediate PersistentVolumeClaims' : undefined;
}

/** A volume may lie where not every node reaches it. Source: as above, Filter. */
export function volumeAffinity(claims: readonly PodClaim[]): Filter {
  const terms = claims.flatMap(({ volume }) => {
    const required = volume?.spec.nodeAffinity?.required;
    return required ? [required.nodeSelectorTerms] : [];
  });
  return (_pod, { node }) =>
    terms.every((any) => any.some((term) => matchesTerm(term, node)))
      ? []
      : ['node(s) had volume node affinity conflict'];
}
