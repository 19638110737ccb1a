import { createHash } from 'node:crypto';

import type { Pod } from '../client/resources.ts';
import { selectionsOf, statusOf } from '../multus/Multus.ts';
import {
  annotations,
  networkKey,
  type NetworkSelection,
  type NetworkStatus,
} from '../multus/resources.ts';
import type { VirtualMachineInstance } from './resources.ts';

/**
 * Name of the interface of a launcher pod for a network of the VMI that is not the pod network
 * (pkg/network/namescheme/networknamescheme.go, d923fdb).
 */
export const podInterfaceName = (network: string) =>
  `pod${createHash('sha256').update(network).digest('hex').slice(0, 11)}`;

/** The networks that a VMI asks Multus for, those of interfaces that are to go left out. */
function networkSelections({ metadata, spec }: VirtualMachineInstance): NetworkSelection[] {
  return (spec.networks ?? []).flatMap(({ name, multus }) => {
    const nic = spec.domain.devices.interfaces?.find((one) => one.name === name);
    if (!multus || !nic || nic.state === 'absent') return [];
    return [
      {
        ...networkKey(multus.networkName, metadata.namespace),
        ...(nic.macAddress && { mac: nic.macAddress }),
        interface: podInterfaceName(name),
      },
    ];
  });
}

/** The annotation of a new launcher pod; none when the VMI is on the pod network alone. */
export function networksAnnotation(vmi: VirtualMachineInstance): Record<string, string> {
  const selections = networkSelections(vmi);
  return selections.length === 0 ? {} : { [annotations.networks]: JSON.stringify(selections) };
}

/**
 * What the annotation of a launcher pod that runs should be by now, undefined when it is so already.
 * Networks come and go, but one that the pod has stays what it is: that needs another pod.
 */
export function changedNetworks(pod: Pod, vmi: VirtualMachineInstance): string | undefined {
  const before = selectionsOf(pod);
  const wanted = networkSelections(vmi).map(
    (selection) => before.find((one) => one.interface === selection.interface) ?? selection,
  );
  const text = JSON.stringify(wanted);
  return text === JSON.stringify(before) ? undefined : text;
}

/** Is an interface of the pod on another network than the VMI asks for now? */
export function needsOtherNetwork(pod: Pod | undefined, vmi: VirtualMachineInstance): boolean {
  const given = pod ? selectionsOf(pod) : [];
  return networkSelections(vmi).some(({ interface: nic, namespace, name }) => {
    const has = given.find((one) => one.interface === nic);
    return has !== undefined && (has.namespace !== namespace || has.name !== name);
  });
}

/** What Multus has connected the launcher pod to for a network of the VMI. */
export const connectedTo = (pod: Pod | undefined, network: string): NetworkStatus | undefined =>
  pod && statusOf(pod).find((one) => one.interface === podInterfaceName(network));
