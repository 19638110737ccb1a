import type { KubeClient } from '../client/KubeClient.ts';
import { cpuAllocationRatio } from './launcherResources.ts';
import { type KubeVirt, kubeVirts } from './resources.ts';
import type { GuestRuntime } from './virt-launcher/GuestRuntime.ts';

/** What of `spec.configuration` of the KubeVirt object this cluster acts on, besides migrations. */
export interface ClusterConfiguration {
  evictionStrategy: string | undefined;
  /** Are changes of a running VM brought into its instance? Else each waits for a restart. */
  vmRolloutStrategy: 'LiveUpdate' | 'Stage';
  /** How many times what a guest starts with can be plugged in, unless the maxima say otherwise. */
  maxHotplugRatio: number;
  maxCpuSockets: number | undefined;
  maxGuest: string | undefined;
  cpuAllocationRatio: number;
  /** Percent: memory of guests for each 100 of the nodes. */
  memoryOvercommit: number;
  cpuModel: string | undefined;
  /** Binding of the interface that a guest gets which names none. */
  defaultNetworkInterface: 'bridge' | 'masquerade';
  permitBridgeOnPodNetwork: boolean;
  vmStateStorageClass: string | undefined;
  /** Are guests run without KVM? Undefined: where it does not work. */
  useEmulation: boolean | undefined;
  /** Gates of phase Alpha that are turned on. */
  featureGates: ReadonlySet<string>;
}

/** The fields of a configuration as users write them. */
interface Configuration {
  evictionStrategy?: string;
  vmRolloutStrategy?: string;
  liveUpdateConfiguration?: { maxHotplugRatio?: number; maxCpuSockets?: number; maxGuest?: string };
  developerConfiguration?: {
    cpuAllocationRatio?: number;
    memoryOvercommit?: number;
    useEmulation?: boolean;
    featureGates?: string[];
    disabledFeatureGates?: string[];
  };
  cpuModel?: string;
  network?: { defaultNetworkInterface?: string; permitBridgeInterfaceOnPodNetwork?: boolean };
  vmStateStorageClass?: string;
}

/** The configuration of a KubeVirt object, with the defaults of pkg/virt-config/virt-config.go (d923fdb). */
export function clusterConfiguration(kubeVirt: KubeVirt | undefined): ClusterConfiguration {
  const given = (kubeVirt?.spec['configuration'] ?? {}) as Configuration;
  const { liveUpdateConfiguration: live, developerConfiguration: developer, network } = given;
  return {
    evictionStrategy: given.evictionStrategy,
    vmRolloutStrategy: given.vmRolloutStrategy === 'Stage' ? 'Stage' : 'LiveUpdate',
    maxHotplugRatio: live?.maxHotplugRatio || 4,
    maxCpuSockets: live?.maxCpuSockets,
    maxGuest: live?.maxGuest,
    cpuAllocationRatio: developer?.cpuAllocationRatio || cpuAllocationRatio,
    memoryOvercommit: developer?.memoryOvercommit || 100,
    cpuModel: given.cpuModel,
    defaultNetworkInterface:
      network?.defaultNetworkInterface === 'masquerade' ? 'masquerade' : 'bridge',
    permitBridgeOnPodNetwork: network?.permitBridgeInterfaceOnPodNetwork !== false,
    vmStateStorageClass: given.vmStateStorageClass,
    useEmulation: developer?.useEmulation,
    featureGates: new Set(
      (developer?.featureGates ?? []).filter(
        (gate) => !developer?.disabledFeatureGates?.includes(gate),
      ),
    ),
  };
}

/**
 * Do launchers ask their node for KVM (pkg/virt-controller/services/template.go, getRequiredResources, d923fdb)? There,
 * what is not said means that they do.
 */
export const asksForKvm = (
  { useEmulation }: ClusterConfiguration,
  acceleration: GuestRuntime['acceleration'],
): boolean => (useEmulation === undefined ? acceleration === 'kvm' : !useEmulation);

/** The same, asked of the API. */
export async function readConfiguration(client: KubeClient): Promise<ClusterConfiguration> {
  const { items } = await client.list(kubeVirts);
  return clusterConfiguration(items[0]);
}
