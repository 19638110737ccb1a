import type { HyperConverged } from './resources.ts';

/** `spec.configuration` of the KubeVirt object, as far as HyperConverged writes it. */
export type Configuration = Record<string, unknown> & {
  developerConfiguration?: Record<string, unknown>;
  migrations?: object;
};

/** Settings that have the same name and shape in both. */
export const sameInKubeVirt = ['evictionStrategy', 'liveUpdateConfiguration'] as const;

/**
 * The configuration of KubeVirt with what a HyperConverged object sets; other settings stay as they are.
 * HyperConverged: controllers/handlers/kubevirt.go (03da3cf).
 */
export function withSettings(before: Configuration, { spec }: HyperConverged): Configuration {
  const { virtualization, storage, featureGates } = spec ?? {};
  const wanted: Configuration = { ...before };
  for (const name of sameInKubeVirt) {
    const value = virtualization?.[name];
    if (value !== undefined) wanted[name] = value;
  }
  if (virtualization?.liveMigrationConfig) {
    wanted.migrations = { ...before.migrations, ...virtualization.liveMigrationConfig };
  }
  const memoryOvercommit = virtualization?.higherWorkloadDensity?.memoryOvercommitPercentage;
  const cpuAllocationRatio = virtualization?.vmiCPUAllocationRatio;
  if (memoryOvercommit !== undefined || cpuAllocationRatio !== undefined) {
    wanted.developerConfiguration = {
      ...wanted.developerConfiguration,
      ...(memoryOvercommit !== undefined && { memoryOvercommit }),
      ...(cpuAllocationRatio !== undefined && { cpuAllocationRatio }),
    };
  }
  if (featureGates) {
    const named = (state: 'Enabled' | 'Disabled') =>
      featureGates
        .filter((gate) => (gate.state ?? 'Enabled') === state)
        .map(({ name }) => gateOf(name));
    wanted.developerConfiguration = {
      ...wanted.developerConfiguration,
      featureGates: named('Enabled'),
      disabledFeatureGates: named('Disabled'),
    };
  }
  if (storage?.vmStateStorageClass !== undefined) {
    wanted['vmStateStorageClass'] = storage.vmStateStorageClass;
  }
  return wanted;
}

/** `objectGraph` here is `ObjectGraph` in KubeVirt. */
const gateOf = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
