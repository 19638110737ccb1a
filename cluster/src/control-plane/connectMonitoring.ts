import { guestMetrics } from '../monitoring/guestMetrics.ts';
import type { MonitoringOptions } from '../monitoring/Monitoring.ts';
import { VmMetrics } from '../monitoring/vmMetrics.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** What Prometheus is to ask, as virt-controller and the virt-handlers have it on a cluster. */
export function connectMonitoring(
  { options, informers: sets, guestOf }: Wiring,
  nodes: readonly string[],
  trafficOf: Parameters<typeof guestMetrics>[0]['trafficOf'],
): MonitoringOptions['targets'] {
  const controller = sets.pick(options.clientFor(identities.virtController), [
    ...(['vms', 'vmis', 'migrations', 'pods', 'claims', 'vmSnapshots'] as const),
  ]);
  const { vmis } = sets.pick(options.clientFor(identities.virtHandler), ['vmis']);
  const vmMetrics = new VmMetrics({
    ...controller,
    emulation: options.runtime.acceleration !== 'kvm',
  });
  return [
    {
      path: '/virt-controller',
      pod: 'virt-controller-0',
      container: 'virt-controller',
      collect: () => vmMetrics.expose(),
    },
    ...nodes.map((node) => ({
      path: `/virt-handler/${node}`,
      pod: `virt-handler-${node}`,
      container: 'virt-handler',
      collect: () => guestMetrics({ node, vmis, guestOf, trafficOf }),
    })),
  ];
}
