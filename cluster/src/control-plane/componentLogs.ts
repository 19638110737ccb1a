import type { ComponentLogs } from '../component-logs/ComponentLogs.ts';
import type { Pod } from '../client/resources.ts';
import { componentOfPod, components } from '../kubevirt/virt-operator/components.ts';
import { kubeVirtVersion } from '../versions.ts';
import type { ControllerOptions } from './ControllerOptions.ts';

/** What has a part on each node; of the other DaemonSets one part works for all nodes. */
const onNodes = new Set(['virt-handler', 'kube-multus-ds']);

/** Where the log is of the component that a pod stands for; undefined for all other pods. */
export function componentLogPath(logs: ComponentLogs, pod: Pod): string | undefined {
  const component = componentOfPod(pod);
  if (!component) return undefined;
  const { name } = component;
  return logs.pathOf(name, onNodes.has(name) ? pod.spec.nodeName : undefined);
}

/** Gives what lets every component log that it begins or ends. */
export function componentsSay({ logs, nodes }: ControllerOptions): (what: string) => void {
  const names = Array.from({ length: nodes }, (_, index) => `node-${index + 1}`);
  const all = components.flatMap(({ name }) =>
    onNodes.has(name) ? names.map((node) => logs.of(name, node)) : [logs.of(name)],
  );
  return (what) => {
    for (const log of all) log.info(`${what} ${kubeVirtVersion}`, { pid: process.pid });
  };
}
