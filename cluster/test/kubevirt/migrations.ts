import type { Draft } from '../../src/client/KubeClient.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import type { TestCluster } from './clusterFixture.ts';
import { plainVm, type VmOptions } from './manifests.ts';
import { until, untilVmi } from './watching.ts';

export const migrations = virtualMachineInstanceMigrations;
export const inDefault = (name: string) => ({ namespace: 'default', name });

/** A VM that can move: bridges on the pod network cannot. */
export function movable(name: string, options: VmOptions = {}): Draft<VirtualMachine> {
  return plainVm(name, {
    ...options,
    change(vm) {
      const { spec } = vm.spec.template;
      if (!spec) return;
      spec.networks = [{ name: 'default', pod: {} }];
      spec.domain.devices.interfaces = [{ name: 'default', masquerade: {} }];
      options.change?.(vm);
    },
  });
}

export async function runningOn(cluster: TestCluster, vm: Draft<VirtualMachine>) {
  await cluster.client.create(virtualMachines, vm);
  return untilVmi(cluster.client, vm.metadata.name ?? '', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'LiveMigratable')),
  );
}

export const migrationOf = (vmiName: string): Draft<VirtualMachineInstanceMigration> => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstanceMigration',
  metadata: { name: `move-${vmiName}`, namespace: 'default' },
  spec: { vmiName },
});

export const untilPhase = ({ client }: TestCluster, name: string, phase: string) =>
  until(client, migrations, inDefault(name), ({ status }) => status?.phase === phase);
