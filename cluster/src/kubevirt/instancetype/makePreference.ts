import type { Draft } from '../../client/KubeClient.ts';
import { commonVersion, prefixed } from './commonInstancetypes.ts';
import type { Preference, PreferenceSpec } from './resources.ts';

/** What a preference adds to that of its family, by parts of its spec. */
export type Part = Partial<PreferenceSpec>;

export interface Facts {
  displayName: string;
  /** After `hidden,kubevirt,`, by which catalogues know it. */
  tags: string;
  icon: string;
  os: 'linux' | 'windows' | 'legacy';
  requires?: [vcpus: number, memory: string];
  architecture?: string;
  parts: Part[];
}

/** A preference of the common ones, with their labels and annotations. */
export function makePreference(name: string, facts: Facts): Draft<Preference> {
  const { os, requires, architecture } = facts;
  const labels = {
    ...(architecture && {
      arch: architecture,
      'preferred-architecture': architecture,
      'required-architecture': architecture,
    }),
    'os-type': os,
    ...(requires && { 'required-cpu': String(requires[0]), 'required-memory': requires[1] }),
    vendor: 'kubevirt.io',
    'common-instancetypes-version': commonVersion,
  };
  const home = 'https://github.com/kubevirt/common-instancetypes';
  return {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterPreference',
    metadata: {
      name,
      labels: prefixed(labels),
      annotations: {
        iconClass: facts.icon,
        'openshift.io/display-name': facts.displayName,
        // With the quotes and the line break that the bundle has.
        'openshift.io/documentation-url': `"${home}"\n`,
        'openshift.io/provider-display-name': 'KubeVirt',
        'openshift.io/support-url': `"${home}/issues"\n`,
        tags: `hidden,kubevirt,${facts.tags}`,
      },
    },
    spec: merged([
      { annotations: { 'vm.kubevirt.io/os': os } },
      ...facts.parts,
      {
        ...(architecture && { preferredArchitecture: architecture }),
        ...((requires ?? architecture) && {
          requirements: {
            ...(architecture && { architecture }),
            ...(requires && { cpu: { guest: requires[0] }, memory: { guest: requires[1] } }),
          },
        }),
      },
    ]),
  };
}

/** Parts laid over one another, two levels deep. */
function merged(parts: Part[]): PreferenceSpec {
  const whole: Record<string, unknown> = {};
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      const before = whole[key];
      whole[key] =
        typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value;
    }
  }
  return structuredClone(whole);
}
