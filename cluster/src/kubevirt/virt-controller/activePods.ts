import type { Pod } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/** The pod in which the guest is: while it moves there is a second one. */
export function activePod(vmi: VirtualMachineInstance, launchers: readonly Pod[]): Pod | undefined {
  const own = launchers.filter(({ spec }) => spec.nodeName === vmi.status?.nodeName);
  const candidates = vmi.status?.nodeName ? own : launchers;
  return candidates.find((pod) => !pod.metadata.deletionTimestamp && !isDone(pod)) ?? candidates[0];
}

const isDone = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** UIDs of the pods that run, each with its node. */
export const activePods = (launchers: readonly Pod[]): Record<string, string> =>
  Object.fromEntries(
    launchers.flatMap((pod) =>
      pod.spec.nodeName && !isDone(pod) ? [[pod.metadata.uid, pod.spec.nodeName]] : [],
    ),
  );
