import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { formatBytes, parseQuantity } from '../../quantity.ts';
import { type Conflict, conflictAt } from './Conflict.ts';
import { layOut } from './cpuTopology.ts';
import type { InstancetypeSpec, PreferenceSpec } from './resources.ts';

/** Annotations of what an instance type or a preference is applied to. */
export interface Annotated {
  annotations?: Record<string, string>;
}

interface Target {
  /** Where `spec` is, for conflicts: `spec.template.spec` of a VM, `spec` of a VMI. */
  path: string;
  spec: V1VirtualMachineInstanceSpec;
  metadata: Annotated;
}

/**
 * Puts what an instance type says into the spec of a guest, in place. Gives the fields that both set; then
 * the spec is half changed and of no use. KubeVirt: pkg/instancetype/apply (d923fdb).
 */
export function applyInstancetype(
  target: Target,
  instancetype: InstancetypeSpec,
  preference: PreferenceSpec | undefined,
): Conflict[] {
  return [
    ...applyPlacement(target, instancetype),
    ...applyCpu(target, instancetype, preference),
    ...applyMemory(target, instancetype),
    ...applyDomain(target, instancetype),
    ...applyAnnotations(target.metadata, instancetype.annotations ?? {}),
  ];
}

function applyPlacement({ path, spec }: Target, type: InstancetypeSpec): Conflict[] {
  const conflicts: Conflict[] = [];
  if (type.nodeSelector) {
    if (spec.nodeSelector) conflicts.push(conflictAt(`${path}.nodeSelector`));
    else spec.nodeSelector = { ...type.nodeSelector };
  }
  if (type.schedulerName) {
    if (spec.schedulerName) conflicts.push(conflictAt(`${path}.schedulerName`));
    else spec.schedulerName = type.schedulerName;
  }
  return conflicts;
}

const hasResource = (list: object | undefined, name: string) => list !== undefined && name in list;

function applyCpu(
  { path, spec }: Target,
  { cpu: type }: InstancetypeSpec,
  preference: PreferenceSpec | undefined,
): Conflict[] {
  const { cpu = {}, resources } = spec.domain;
  const at = `${path}.domain.cpu`;
  const both: [field: string, conflicts: boolean][] = [
    [`${path}.domain.resources.requests.cpu`, hasResource(resources?.requests, 'cpu')],
    [`${path}.domain.resources.limits.cpu`, hasResource(resources?.limits, 'cpu')],
    [`${at}.sockets`, Boolean(cpu.sockets)],
    [`${at}.cores`, Boolean(cpu.cores)],
    [`${at}.threads`, Boolean(cpu.threads)],
    [`${at}.model`, Boolean(cpu.model) && type.model !== undefined],
    [
      // Not the name of the VM's field: KubeVirt writes that of the instance type.
      `${at}.dedicatedCPUPlacement`,
      cpu.dedicatedCpuPlacement === true && type.dedicatedCPUPlacement !== undefined,
    ],
    [
      `${at}.isolateEmulatorThread`,
      cpu.isolateEmulatorThread === true && type.isolateEmulatorThread !== undefined,
    ],
    [`${at}.numa`, cpu.numa !== undefined && type.numa !== undefined],
    [`${at}.realtime`, cpu.realtime !== undefined && type.realtime !== undefined],
  ];
  const conflicts = both.flatMap(([field, conflicting]) => (conflicting ? [field] : []));
  if (conflicts.length > 0) return conflicts.map(conflictAt);
  spec.domain.cpu = {
    ...cpu,
    ...(type.model !== undefined && { model: type.model }),
    ...(type.dedicatedCPUPlacement !== undefined && {
      dedicatedCpuPlacement: type.dedicatedCPUPlacement,
    }),
    ...(type.isolateEmulatorThread !== undefined && {
      isolateEmulatorThread: type.isolateEmulatorThread,
    }),
    ...(type.numa && { numa: structuredClone(type.numa) }),
    ...(type.realtime && { realtime: structuredClone(type.realtime) }),
    ...(type.maxSockets !== undefined && { maxSockets: type.maxSockets }),
    ...layOut(type.guest, preference),
  };
  return [];
}

/** Of conflicts about memory only the first is told. */
function applyMemory({ path, spec }: Target, { memory: type }: InstancetypeSpec): Conflict[] {
  const { memory = {}, resources } = spec.domain;
  const at = `${path}.domain.memory`;
  const both: [field: string, conflicts: boolean][] = [
    [`${at}.guest`, memory.guest !== undefined],
    [`${at}.hugepages`, memory.hugepages !== undefined && type.hugepages !== undefined],
    [`${at}.maxGuest`, memory.maxGuest !== undefined && type.maxGuest !== undefined],
    [`${path}.domain.resources.requests.memory`, hasResource(resources?.requests, 'memory')],
    [`${path}.domain.resources.limits.memory`, hasResource(resources?.limits, 'memory')],
  ];
  const first = both.find(([, conflicting]) => conflicting);
  if (first) return [conflictAt(first[0])];
  spec.domain.memory = {
    ...memory,
    guest: type.guest,
    ...(type.hugepages && { hugepages: { ...type.hugepages } }),
    ...(type.maxGuest !== undefined && { maxGuest: type.maxGuest }),
  };
  const overcommit = type.overcommitPercent ?? 0;
  if (overcommit > 0) {
    const bytes = Math.floor((parseQuantity(type.guest) ?? 0) * (1 - overcommit / 100));
    spec.domain.resources = {
      ...resources,
      requests: { ...resources?.requests, memory: formatBytes(bytes) },
    };
  }
  return [];
}

function applyDomain({ path, spec: { domain } }: Target, type: InstancetypeSpec): Conflict[] {
  const conflicts: Conflict[] = [];
  const threads = type.ioThreads?.supplementalPoolThreadCount;
  if (threads !== undefined) {
    if (domain.ioThreads?.supplementalPoolThreadCount !== undefined) {
      conflicts.push(conflictAt(`${path}.domain.ioThreads.supplementalPoolThreadCount`));
    } else domain.ioThreads = { ...domain.ioThreads, supplementalPoolThreadCount: threads };
  }
  if (type.ioThreadsPolicy !== undefined) {
    if (domain.ioThreadsPolicy) conflicts.push(conflictAt(`${path}.domain.ioThreadsPolicy`));
    else domain.ioThreadsPolicy = type.ioThreadsPolicy;
  }
  if (type.launchSecurity) {
    if (domain.launchSecurity) conflicts.push(conflictAt(`${path}.domain.launchSecurity`));
    else domain.launchSecurity = structuredClone(type.launchSecurity);
  }
  if (type.gpus?.length) {
    if (domain.devices.gpus?.length) conflicts.push(conflictAt(`${path}.domain.devices.gpus`));
    else domain.devices.gpus = structuredClone(type.gpus);
  }
  if (type.hostDevices?.length) {
    if (domain.devices.hostDevices?.length) {
      conflicts.push(conflictAt(`${path}.domain.devices.hostDevices`));
    } else domain.devices.hostDevices = structuredClone(type.hostDevices);
  }
  return conflicts;
}

function applyAnnotations(metadata: Annotated, wanted: Record<string, string>): Conflict[] {
  const given = metadata.annotations ?? {};
  const conflicts = Object.entries(wanted).flatMap(([key, value]) =>
    given[key] === undefined || given[key] === value ? [] : [conflictAt(`annotations.${key}`)],
  );
  metadata.annotations = { ...wanted, ...given };
  return conflicts;
}
