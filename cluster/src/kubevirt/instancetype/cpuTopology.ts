import type { V1CPU } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Conflict } from './Conflict.ts';
import type { InstancetypeSpec, PreferenceSpec } from './resources.ts';

export type Topology = 'sockets' | 'cores' | 'threads' | 'spread' | 'any';
export type Across = 'SocketsCores' | 'CoresThreads' | 'SocketsCoresThreads';

const topologies: Record<string, Topology> = {
  sockets: 'sockets',
  cores: 'cores',
  threads: 'threads',
  spread: 'spread',
  any: 'any',
};
/** The names that are deprecated, and what to write instead. */
export const deprecatedTopologies: Record<string, Topology> = {
  preferSockets: 'sockets',
  preferCores: 'cores',
  preferThreads: 'threads',
  preferSpread: 'spread',
  preferAny: 'any',
};

const acrosses: readonly Across[] = ['SocketsCores', 'CoresThreads', 'SocketsCoresThreads'];
const threadsPerCore = 2;

/** The topology that a name stands for; undefined when there is none of that name. */
export const topologyNamed = (name: string): Topology | undefined =>
  topologies[name] ?? deprecatedTopologies[name];

/** How a preference lays out vCPUs; sockets unless it says otherwise. */
export function preferredTopology(preference: PreferenceSpec | undefined): Topology {
  return topologyNamed(preference?.cpu?.preferredCPUTopology ?? 'sockets') ?? 'sockets';
}

/** The ratio of the topology `spread`, and over what; `across` may be a name that nobody knows. */
export function spreadOptions(preference: PreferenceSpec | undefined): {
  ratio: number;
  across: string;
} {
  const { ratio, across } = preference?.cpu?.spreadOptions ?? {};
  const former = preference?.preferSpreadSocketToCoreRatio;
  // 0 counts as absent there, as in Go.
  const fallback = former === undefined || former === 0 ? 2 : former;
  return { ratio: ratio ?? fallback, across: across ?? 'SocketsCores' };
}

export const isAcross = (name: string): name is Across =>
  acrosses.some((across) => across === name);

/** The layout of `vcpus` that a preference asks for: KubeVirt pkg/instancetype/apply/cpu.go, d923fdb. */
export function layOut(
  vcpus: number,
  preference: PreferenceSpec | undefined,
): Required<Pick<V1CPU, 'sockets' | 'cores' | 'threads'>> {
  const single = { sockets: 1, cores: 1, threads: 1 };
  if (vcpus === 1) return single;
  const topology = preferredTopology(preference);
  switch (topology) {
    case 'cores':
    case 'threads':
    case 'sockets':
      return { ...single, [topology]: vcpus };
    case 'any':
      return { ...single, sockets: vcpus };
    case 'spread':
      return { ...single, ...spreadOut(vcpus, preference) };
  }
}

function spreadOut(vcpus: number, preference: PreferenceSpec | undefined) {
  const { ratio, across } = spreadOptions(preference);
  switch (across) {
    case 'SocketsCores':
      return { cores: ratio, sockets: Math.floor(vcpus / ratio) };
    case 'CoresThreads':
      return { threads: ratio, cores: Math.floor(vcpus / ratio) };
    case 'SocketsCoresThreads':
      return {
        threads: threadsPerCore,
        cores: ratio,
        sockets: Math.floor(vcpus / threadsPerCore / ratio),
      };
    default:
      return {};
  }
}

/** vCPUs that cannot be spread evenly: KubeVirt pkg/instancetype/preference/validation/cpu.go, d923fdb. */
export function unevenSpread(
  instancetype: InstancetypeSpec | undefined,
  preference: PreferenceSpec | undefined,
): Conflict | undefined {
  if (!instancetype || preferredTopology(preference) !== 'spread') return undefined;
  const vcpus = instancetype.cpu.guest;
  const { ratio, across } = spreadOptions(preference);
  const start = `${vcpus} vCPUs provided by the instance type are not divisible by the`;
  const asked = 'Spec.PreferSpreadSocketToCoreRatio or Spec.CPU.PreferSpreadOptions.Ratio of';
  const field = 'instancetype.spec.cpu.guest';
  switch (across) {
    case 'SocketsCores':
      if (vcpus % ratio === 0) return undefined;
      return { field, message: `${start} ${asked} ${ratio} provided by the preference` };
    case 'CoresThreads':
      if (vcpus % ratio === 0) return undefined;
      return { field, message: `${start} number of threads per core ${ratio}` };
    case 'SocketsCoresThreads':
      if (vcpus % threadsPerCore === 0 && (vcpus / threadsPerCore) % ratio === 0) return undefined;
      return {
        field,
        message: `${start} number of threads per core ${threadsPerCore} and ${asked} ${ratio}`,
      };
    default:
      return undefined;
  }
}
