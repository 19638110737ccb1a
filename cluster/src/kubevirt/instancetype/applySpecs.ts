import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachine } from '../resources.ts';
import { defaultVolumeDisks } from '../virt-api/defaultInstanceSpec.ts';
import { type Annotated, applyInstancetype } from './applyInstancetype.ts';
import { applyAutoattach, applyPreference } from './applyPreference.ts';
import type { Conflict } from './Conflict.ts';
import { matchedResource, type Specs } from './findSpecs.ts';

/** Applies an instance type and a preference to a guest's spec, in place; gives the conflicts. */
export function applySpecs(
  target: { path: string; spec: V1VirtualMachineInstanceSpec; metadata: Annotated },
  { instancetype, preference }: Specs,
): Conflict[] {
  if (instancetype) {
    const conflicts = applyInstancetype(target, instancetype, preference);
    if (conflicts.length > 0) return conflicts;
  }
  if (preference) applyPreference(target.spec, target.metadata, preference);
  return [];
}

/**
 * What virt-controller adds to a spec before it applies an instance type: a disk for each volume that has
 * none, and the input device and network that the preference or the VM asks for.
 * KubeVirt: setupVMIFromVM and AutoAttachInputDevice of pkg/virt-controller/watch/vm/vm.go (d923fdb).
 */
export function attachDefaults(
  spec: V1VirtualMachineInstanceSpec,
  preference: Specs['preference'],
): void {
  const { devices } = spec.domain;
  defaultVolumeDisks(spec);
  if (preference?.devices) applyAutoattach(devices, preference.devices);
  if (devices.autoattachInputDevice === true && !devices.inputs?.length) {
    // Its bus and type come from the preference, else from virt-api's defaults.
    devices.inputs = [{ name: 'default-0', bus: '', type: '' }];
  }
}

/** The annotations by which a VMI tells what its VM named. */
export function matcherAnnotations({ spec }: VirtualMachine): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const field of ['instancetype', 'preference'] as const) {
    const matcher = spec[field];
    if (!matcher?.name) continue;
    const scope = matchedResource(field, matcher.kind).namespaced ? '' : 'cluster-';
    annotations[`kubevirt.io/${scope}${field}-name`] = matcher.name;
  }
  return annotations;
}
