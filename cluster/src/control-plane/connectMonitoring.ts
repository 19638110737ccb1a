import type { ApiConnections } from '../monitoring/ApiConnections.ts';
import { asksForKvm, clusterConfiguration } from '../kubevirt/clusterConfiguration.ts';
import { guestMetrics } from '../monitoring/guestMetrics.ts';
import { KubeStateMetrics } from '../monitoring/KubeStateMetrics.ts';
import { Exposition, sample, type Sample } from '../monitoring/metrics.ts';
import type { MonitoringOptions } from '../monitoring/Monitoring.ts';
import { PhaseTransitions } from '../monitoring/PhaseTransitions.ts';
import { VmMetrics } from '../monitoring/vmMetrics.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** What Prometheus is to ask, as virt-controller and the virt-handlers have it on a cluster. */
export function connectMonitoring(
  { options, informers: sets, guestOf, requests }: Wiring,
  nodes: readonly string[],
  guests: Pick<Parameters<typeof guestMetrics>[0], 'trafficOf' | 'panics'>,
): MonitoringOptions['targets'] {
  const controller = sets.pick(options.clientFor(identities.virtController), [
    ...(['vms', 'vmis', 'migrations', 'pods', 'claims', 'vmSnapshots'] as const),
    ...(['nodes', 'kubeVirts'] as const),
  ]);
  const { vmis } = sets.pick(options.clientFor(identities.virtHandler), ['vmis']);
  const vmMetrics = new VmMetrics({
    ...controller,
    transitions: new PhaseTransitions(controller.vmis, controller.migrations),
    emulation: () =>
      !asksForKvm(
        clusterConfiguration(controller.kubeVirts.list()[0]),
        options.runtime.acceleration,
      ),
  });
  const kubeState = new KubeStateMetrics(controller);
  const sent = (part: string) => exposed(requests(part).samples());
  return [
    {
      path: '/virt-controller',
      pod: 'virt-controller-0',
      container: 'virt-controller',
      collect: async () => (await vmMetrics.expose()) + sent('virt-controller'),
    },
    {
      path: '/virt-operator',
      pod: 'virt-operator-0',
      container: 'virt-operator',
      // It answers, and there is no other.
      collect: () => Promise.resolve(operatorMetrics() + sent('virt-operator')),
    },
    {
      path: '/kube-state-metrics',
      pod: 'kube-state-metrics',
      container: 'kube-state-metrics',
      collect: () => kubeState.expose(),
    },
    ...nodes.map((node) => ({
      path: `/virt-handler/${node}`,
      pod: `virt-handler-${node}`,
      container: 'virt-handler',
      collect: async () =>
        (await guestMetrics({ node, vmis, guestOf, ...guests })) + sent(`virt-handler-${node}`),
    })),
  ];
}

/** What Prometheus is to ask of virt-api. */
export function apiTarget(connections: ApiConnections): MonitoringOptions['targets'][number] {
  return {
    path: '/virt-api',
    pod: 'virt-api-0',
    container: 'virt-api',
    collect: () => Promise.resolve(exposed(connections.samples())),
  };
}

const operatorMetrics = () =>
  exposed([
    ...sample('kubevirt_virt_operator_ready_status', {}, 1),
    ...sample('kubevirt_virt_operator_leading_status', {}, 1),
  ]);

function exposed(samples: readonly Sample[]): string {
  const exposition = new Exposition();
  exposition.add(samples);
  return exposition.toString();
}
