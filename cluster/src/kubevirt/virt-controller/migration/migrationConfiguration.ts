import type { Namespace } from '../../../client/resources.ts';
import type {
  KubeVirt,
  MigrationConfiguration,
  MigrationPolicy,
  VirtualMachineInstance,
} from '../../resources.ts';

type Named =
  | 'nodeDrainTaintKey'
  | 'parallelMigrationsPerCluster'
  | 'parallelOutboundMigrationsPerNode'
  | 'completionTimeoutPerGiB';

export type EffectiveConfiguration = MigrationConfiguration &
  Required<Pick<MigrationConfiguration, Named>>;

/** What applies where neither the KubeVirt object nor a policy says otherwise (pkg/virt-config, d923fdb). */
const defaults: EffectiveConfiguration = {
  nodeDrainTaintKey: 'kubevirt.io/drain',
  parallelMigrationsPerCluster: 5,
  parallelOutboundMigrationsPerNode: 2,
  bandwidthPerMigration: '0Mi',
  completionTimeoutPerGiB: 150,
  progressTimeout: 150,
  allowAutoConverge: false,
  allowPostCopy: false,
  maxDowntimeMs: 900,
  unsafeMigrationOverride: false,
  disableTLS: false,
};

/** `spec.configuration.migrations` of the KubeVirt object on top of the defaults. */
export function migrationConfiguration(kubeVirt: KubeVirt | undefined): EffectiveConfiguration {
  const configuration = kubeVirt?.spec['configuration'] as
    { migrations?: Partial<EffectiveConfiguration> } | undefined;
  const effective = { ...defaults, ...configuration?.migrations };
  // Who allows post-copy allows disruption, unless the same place says otherwise (API/core/v1/types.go).
  const { allowWorkloadDisruption = effective.allowPostCopy ?? false } = effective;
  return { ...effective, allowWorkloadDisruption };
}

/** The labels that a policy asks for, and how many of them are there; undefined when one is missing. */
function matches(wanted: Record<string, string> | undefined, labels: Record<string, string> = {}) {
  const entries = Object.entries(wanted ?? {});
  return entries.every(([key, value]) => labels[key] === value) ? entries.length : undefined;
}

/**
 * The policy for a VMI: all its labels match, and it has the most of them; then the one with more labels
 * of the VMI, then the first by name (API/migrations/v1alpha1/types.go, GetPolicyByVirtualMachineInstance).
 */
export function matchingPolicy(
  policies: readonly MigrationPolicy[],
  vmi: VirtualMachineInstance,
  namespace: Namespace | undefined,
): MigrationPolicy | undefined {
  const candidates = policies.flatMap((policy) => {
    const { namespaceSelector, virtualMachineInstanceSelector } = policy.spec.selectors;
    const ofNamespace = matches(namespaceSelector, namespace?.metadata.labels);
    const ofVmi = matches(virtualMachineInstanceSelector, vmi.metadata.labels);
    if (ofNamespace === undefined || ofVmi === undefined || ofNamespace + ofVmi === 0) return [];
    return [{ policy, total: ofNamespace + ofVmi, ofVmi }];
  });
  candidates.sort(
    (a, b) =>
      b.total - a.total ||
      b.ofVmi - a.ofVmi ||
      a.policy.metadata.name.localeCompare(b.policy.metadata.name),
  );
  return candidates[0]?.policy;
}

/** What a policy says goes before the cluster's configuration. */
export function withPolicy(
  configuration: EffectiveConfiguration,
  policy: MigrationPolicy | undefined,
): EffectiveConfiguration {
  if (!policy) return configuration;
  const { selectors: _selectors, ...settings } = policy.spec;
  const allowWorkloadDisruption = settings.allowWorkloadDisruption ?? settings.allowPostCopy;
  return {
    ...configuration,
    ...settings,
    ...(allowWorkloadDisruption !== undefined && { allowWorkloadDisruption }),
  };
}
