import { isDeepStrictEqual } from 'node:util';

import { parseQuantity } from '../../../quantity.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { findCondition } from '../conditions.ts';
import { interfacesNeedRestart, withHotplugged } from './hotplugInterfaces.ts';
import { hotplugged, isHotpluggable } from './hotplugVolumes.ts';

type Spec = VirtualMachineInstance['spec'];

/** What a changed VM means for its instance that runs. */
export interface LiveUpdate {
  /** The instance's spec with all that can be changed as it runs. */
  spec: Spec;
  /** Why the rest needs a restart. */
  restart?: string;
  /** What is not possible now, and is tried again. */
  failure?: { reason: string; message: string };
}

const mebibyte = 2 ** 20;

export const notLiveUpdatable = 'a non-live-updatable field was changed in the template spec';

/**
 * Compares the spec of a VM as it was when its instance started with the one it has now, both with their
 * instance types applied. Rules and texts: pkg/virt-controller/watch/vm/vm.go, addRestartRequiredIfNeeded,
 * handleCPUChangeRequest and handleMemoryHotplugRequest (d923fdb).
 */
export function liveUpdate(started: Spec, wanted: Spec, vmi: VirtualMachineInstance): LiveUpdate {
  const changed = !isDeepStrictEqual(withoutLiveFields(started), withoutLiveFields(wanted));
  if (changed || interfacesNeedRestart(started, wanted, vmi.spec)) {
    return {
      spec: vmi.spec,
      restart: notLiveUpdatable,
    };
  }
  let update: LiveUpdate = { spec: withPlacement(vmi.spec, wanted) };
  update = { ...update, spec: hotplugged(update.spec, wanted) };
  update = { ...update, spec: withHotplugged(update.spec, wanted) };
  for (const step of [changeSockets, changeMemory]) {
    if (update.restart === undefined) update = step(update, wanted, vmi);
  }
  return update;
}

function withoutLiveFields(spec: Spec): unknown {
  const { nodeSelector: _n, affinity: _a, tolerations: _t, networks: _w, ...rest } = spec;
  const plugged = new Set((spec.volumes ?? []).filter(isHotpluggable).map(({ name }) => name));
  const { cpu, memory } = spec.domain;
  // Those have rules of their own: see interfacesNeedRestart.
  const { interfaces: _interfaces, ...devices } = spec.domain.devices;
  const { sockets: _sockets, ...otherCpu } = cpu ?? {};
  const { guest: _guest, ...otherMemory } = memory ?? {};
  const left = {
    ...rest,
    volumes: (spec.volumes ?? []).filter(({ name }) => !plugged.has(name)),
    domain: {
      ...spec.domain,
      cpu: otherCpu,
      memory: otherMemory,
      devices: {
        ...devices,
        // A drive stays when its medium goes.
        disks: (devices.disks ?? []).filter(({ name, cdrom }) => cdrom || !plugged.has(name)),
      },
    },
  };
  // Without the fields that are there and undefined.
  return JSON.parse(JSON.stringify(left));
}

function withPlacement(spec: Spec, { nodeSelector, affinity, tolerations }: Spec): Spec {
  const { nodeSelector: _n, affinity: _a, tolerations: _t, ...rest } = spec;
  return {
    ...rest,
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(tolerations && { tolerations }),
  };
}

const isMigrating = ({ status }: VirtualMachineInstance) =>
  status?.migrationState !== undefined && status.migrationState.endTimestamp === undefined;

const isTrue = ({ status }: VirtualMachineInstance, type: string) =>
  findCondition(status?.conditions, type)?.status === 'True';

function changeSockets(update: LiveUpdate, wanted: Spec, vmi: VirtualMachineInstance): LiveUpdate {
  const cpu = update.spec.domain.cpu;
  const sockets = wanted.domain.cpu?.sockets;
  if (!cpu || sockets === undefined || sockets === cpu.sockets) return update;
  const fail = (message: string): LiveUpdate => ({
    ...update,
    failure: { reason: 'HotPlugCPUError', message },
  });
  if (isTrue(vmi, 'HotVCPUChange')) return fail('another CPU hotplug is in progress');
  if (isMigrating(vmi)) return fail('CPU hotplug is not allowed while VMI is migrating');
  if (cpu.maxSockets && sockets > cpu.maxSockets) {
    const restart = "CPU sockets updated in template spec to a value higher than what's available";
    return { ...update, restart };
  }
  if (sockets < (cpu.sockets ?? 1)) {
    return { ...update, restart: 'Reduction of CPU socket count requires a restart' };
  }
  const domain = { ...update.spec.domain, cpu: { ...cpu, sockets } };
  return { ...update, spec: { ...update.spec, domain } };
}

function changeMemory(update: LiveUpdate, wanted: Spec, vmi: VirtualMachineInstance): LiveUpdate {
  const memory = update.spec.domain.memory;
  const guest = wanted.domain.memory?.guest;
  const bytes = parseQuantity(guest ?? '');
  if (!memory || guest === undefined || bytes === undefined) return update;
  if (bytes === parseQuantity(memory.guest ?? '')) return update;
  const restart = (text: string): LiveUpdate => ({ ...update, restart: text });
  const fail = (message: string): LiveUpdate => ({
    ...update,
    failure: { reason: 'HotPlugMemoryError', message },
  });
  if (isTrue(vmi, 'HotMemoryChange')) return fail('another memory hotplug is in progress');
  if (isMigrating(vmi)) return fail('memory hotplug is not allowed while VMI is migrating');
  const atBoot = parseQuantity(vmi.status?.memory?.guestAtBoot ?? '') ?? 0;
  const what = 'memory updated in template spec';
  if (bytes < atBoot) return restart(`${what} to a value lower than what the VM started with`);
  const most = parseQuantity(memory.maxGuest ?? '');
  if (most === undefined) {
    const text = 'Max guest memory must be configured when memory hotplug is enabled';
    return restart(`memory hotplug not supported, ${text}`);
  }
  if (bytes > most) return restart(`${what} to a value higher than what's available`);
  if (!isTrue(vmi, 'LiveMigratable')) {
    return restart(`${what}. Memory-hotplug is only available for migratable VMs`);
  }
  if (bytes % (2 * mebibyte) !== 0) {
    return restart('memory hotplug not supported, Guest memory must be 2Mi aligned');
  }
  const domain = { ...update.spec.domain, memory: { ...memory, guest } };
  return { ...update, spec: { ...update.spec, domain } };
}
