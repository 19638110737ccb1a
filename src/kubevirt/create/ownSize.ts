import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '~/k8s/quantity';
import { type Amount, exactAmount } from '~/kubevirt/create/amount';

/** Cores of a socket and memory that a VM names itself; undefined where an instance type has them. */
export function ownSizeOf(vm: V1VirtualMachine): { cores: number; memory: Amount } | undefined {
  const { cpu, memory } = vm.spec.template.spec?.domain ?? {};
  const bytes = parseQuantity(memory?.guest);
  if (vm.spec.instancetype || cpu?.cores === undefined || bytes === undefined) return undefined;
  return { cores: cpu.cores, memory: exactAmount(bytes) };
}
