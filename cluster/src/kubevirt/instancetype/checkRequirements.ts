import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../quantity.ts';
import type { Conflict } from './Conflict.ts';
import { preferredTopology, spreadOptions, type Topology } from './cpuTopology.ts';
import type { InstancetypeSpec, PreferenceSpec } from './resources.ts';

interface Sizes {
  instancetype: InstancetypeSpec | undefined;
  preference: PreferenceSpec | undefined;
  /** With the instance type applied and defaults set. */
  spec: V1VirtualMachineInstanceSpec;
}

/**
 * The first requirement of a preference that a VM does not meet, undefined when it meets all.
 * KubeVirt: pkg/instancetype/preference/requirements (d923fdb).
 */
export function checkRequirements(sizes: Sizes): Conflict | undefined {
  const { requirements } = sizes.preference ?? {};
  if (!requirements) return undefined;
  return (
    (requirements.cpu && checkCpu(sizes, requirements.cpu.guest)) ??
    (requirements.memory && checkMemory(sizes, requirements.memory.guest)) ??
    (requirements.architecture === undefined
      ? undefined
      : checkArchitecture(sizes.spec, requirements.architecture))
  );
}

const parts: Record<Exclude<Topology, 'spread'>, ('sockets' | 'cores' | 'threads')[]> = {
  threads: ['threads'],
  cores: ['cores'],
  sockets: ['sockets'],
  any: ['cores', 'sockets', 'threads'],
};
const spreadParts: Record<string, ('sockets' | 'cores' | 'threads')[]> = {
  SocketsCores: ['sockets', 'cores'],
  CoresThreads: ['cores', 'threads'],
  SocketsCoresThreads: ['sockets', 'cores', 'threads'],
};

function checkCpu(
  { instancetype, preference, spec }: Sizes,
  required: number,
): Conflict | undefined {
  if (instancetype) {
    const { guest } = instancetype.cpu;
    if (guest >= required) return undefined;
    return {
      field: 'spec.instancetype',
      message: `insufficient CPU resources of ${guest} vCPU provided by instance type, preference requires ${required} vCPU`,
    };
  }
  const { cpu } = spec.domain;
  const path = 'spec.template.spec.domain.cpu';
  if (!cpu) {
    return {
      field: path,
      message: `no CPU resources provided by VirtualMachine, preference requires ${required} vCPU`,
    };
  }
  const topology = preferredTopology(preference);
  const { across } = spreadOptions(preference);
  const counted = topology === 'spread' ? (spreadParts[across] ?? []) : parts[topology];
  const provided = counted.reduce((product, part) => product * (cpu[part] ?? 0), 1);
  if (provided >= required) return undefined;
  const as =
    topology === 'spread'
      ? across
      : topology === 'any'
        ? 'cores, sockets and threads'
        : counted.join();
  return {
    field: counted.map((part) => `${path}.${part}`).join(', '),
    message: `insufficient CPU resources of ${provided} vCPU provided by VirtualMachine, preference requires ${required} vCPU provided as ${as}`,
  };
}

function checkMemory({ instancetype, spec }: Sizes, required: string): Conflict | undefined {
  const provided = spec.domain.memory?.guest ?? instancetype?.memory.guest ?? '0Mi';
  if ((parseQuantity(provided) ?? 0) >= (parseQuantity(required) ?? 0)) return undefined;
  const by = instancetype ? 'instance type' : 'VirtualMachine';
  return {
    field: instancetype ? 'spec.instancetype' : 'spec.template.spec.domain.memory',
    message: `insufficient Memory resources of ${provided} provided by ${by}, preference requires ${required}`,
  };
}

function checkArchitecture(
  spec: V1VirtualMachineInstanceSpec,
  required: string,
): Conflict | undefined {
  if (spec.architecture === required) return undefined;
  return {
    field: 'spec.template.spec.architecture',
    message: `preference requires architecture ${required} but ${spec.architecture ?? ''} is being requested`,
  };
}
