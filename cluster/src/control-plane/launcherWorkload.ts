import type { Pod } from '../client/resources.ts';
import type { PulledContainer } from '../kubelet/images/ImagePuller.ts';
import type { Workload } from '../kubelet/Kubelet.ts';
import type { PodProcesses } from '../kubelet/PodProcesses.ts';
import type { ProbeTargets } from '../kubelet/probes/Prober.ts';
import { names, type VirtualMachineInstance } from '../kubevirt/resources.ts';
import { findCondition } from '../kubevirt/virt-controller/conditions.ts';
import { componentOfPod } from '../kubevirt/virt-operator/components.ts';
import type { VirtHandler } from '../kubevirt/virt-handler/VirtHandler.ts';
import { wantedFiles } from '../kubevirt/virt-launcher/containerDisks.ts';
import { runProbe } from '../kubevirt/virt-launcher/runProbe.ts';
import type { Health } from './Health.ts';
import type { Informers } from './informers.ts';

/** UID of the VMI whose launcher pod this is; empty for any other pod. */
export const vmiUidOf = (pod: Pod) => pod.metadata.labels?.[names.createdBy] ?? '';

/** Launcher pods stand for guests: a pod ends when its guest has, and is asked by way of it. */
export function workload(
  handler: () => VirtHandler,
  vmis: Informers['vmis'],
  { health, processes }: { health: Health; processes: PodProcesses },
): Workload & ProbeTargets {
  const vmiOf = (pod: Pod) => {
    const name = pod.metadata.ownerReferences?.[0]?.name ?? '';
    const vmi = vmis.get({ namespace: pod.metadata.namespace, name });
    return vmi?.metadata.uid === vmiUidOf(pod) ? vmi : undefined;
  };
  return {
    stop: (pod, graceSeconds) => handler().terminate(pod, vmiUidOf(pod), graceSeconds),
    isPaused: (pod) => findCondition(vmiOf(pod)?.status?.conditions, 'Paused')?.status === 'True',
    images: (pod) => imagesOf(pod, vmiOf(pod)),
    async probe(pod, kind) {
      const vmi = vmiOf(pod);
      const probe = kind === 'liveness' ? vmi?.spec.livenessProbe : vmi?.spec.readinessProbe;
      if (probe) await runProbe(handler().guestOf(vmiUidOf(pod)), probe);
    },
    async kill(pod) {
      const grace = vmiOf(pod)?.spec.terminationGracePeriodSeconds ?? 30;
      await handler().terminate(pod, vmiUidOf(pod), grace);
    },
    partOf: (pod) => (componentOfPod(pod) ? health : undefined),
    process: (pod) => processes.get(pod.metadata.uid),
    hasSucceeded(pod) {
      if (processes.get(pod.metadata.uid)?.done) return true;
      // Its guest has moved away.
      const state = vmiOf(pod)?.status?.migrationState;
      const isOver = state?.completed === true && state.endTimestamp !== undefined;
      return isOver && state.sourcePod === pod.metadata.name;
    },
  };
}

/** Of other pods nothing is fetched: nothing of them runs. */
function imagesOf(pod: Pod, vmi: VirtualMachineInstance | undefined): PulledContainer[] {
  const wanted = vmi && wantedFiles(vmi.spec);
  return pod.spec.containers.flatMap(({ name, image = '', imagePullPolicy = 'IfNotPresent' }) => {
    const files = wanted?.get(name);
    return files ? [{ name, image, policy: imagePullPolicy, files }] : [];
  });
}
