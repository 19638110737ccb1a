import type { VirtualMachine } from '../../resources.ts';
import { runStrategyOf } from '../../virt-controller/runStrategies.ts';
import { type Cause, notSupported } from './Cause.ts';

/** What must not be changed while a snapshot or a restore has the VM (SADM/vm-storage-status.go, d923fdb). */
export function lockCauses(vm: VirtualMachine, before: VirtualMachine): Cause[] {
  const { snapshotInProgress, restoreInProgress } = before.status ?? {};
  const strategy = runStrategyOf(vm.spec);
  const isSwitched = strategy !== runStrategyOf(before.spec);
  const causes: Cause[] = [];
  if (snapshotInProgress && disksOf(vm) !== disksOf(before)) {
    const text = `Cannot update vm disks or volumes until snapshot "${snapshotInProgress}" completes`;
    causes.push(notSupported('spec', text));
  }
  if (snapshotInProgress && isSwitched) {
    const text = `Cannot update vm running state until snapshot "${snapshotInProgress}" completes`;
    causes.push(notSupported('spec', text));
  }
  if (restoreInProgress && isSwitched && strategy !== 'Halted') {
    const text = `Cannot update VM runStrategy until restore "${restoreInProgress}" completes`;
    causes.push(notSupported('spec', text));
  }
  return causes;
}

function disksOf({ spec }: VirtualMachine): string {
  const { volumes, domain } = spec.template.spec ?? {};
  return JSON.stringify([volumes, domain?.devices.disks]);
}
