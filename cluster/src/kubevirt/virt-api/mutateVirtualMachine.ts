import { randomUUID } from 'node:crypto';

import type { VirtualMachine } from '../resources.ts';

/** A VirtualMachine before the schema has seen it. */
interface Unchecked {
  spec?: Partial<VirtualMachine['spec']>;
}

/**
 * Defaults that virt-api writes into a new VirtualMachine (MUT/vm-mutator.go, d923fdb): firmware ids,
 * architecture, machine type, PCI topology version. All other defaults land on the VMI.
 */
export function mutateVirtualMachine(vm: VirtualMachine): void {
  // The schema is checked after the defaults: what is no object is left for it to refuse.
  const template = (vm as Unchecked).spec?.template;
  const spec = template?.spec;
  const domain = spec && 'domain' in spec ? spec.domain : undefined;
  if (!template || !spec || !domain) return;

  domain.firmware = { uuid: randomUUID(), serial: randomUUID(), ...domain.firmware };
  spec.architecture ??= 'amd64';
  domain.machine = { type: 'q35', ...domain.machine };
  template.metadata ??= {};
  template.metadata.annotations = {
    'kubevirt.io/pci-topology-version': 'v3',
    ...template.metadata.annotations,
  };
}
