import type { VirtualMachineInstanceMigration } from '../../resources.ts';

const firstMs = 20_000;

/**
 * How long a VMI is not to be moved again for the reason that the prefix of its migrations' names tells:
 * 20 s after the first failure in a row, then twice as long after each, in milliseconds. KubeVirt:
 * pkg/virt-controller/watch/migration/migration.go, handleMigrationBackoff (d923fdb).
 */
export function migrationBackoff(
  all: readonly VirtualMachineInstanceMigration[],
  prefix: string,
  now: number,
): number {
  const own = all
    .filter(({ metadata }) => metadata.name.startsWith(prefix))
    .sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  const succeeded = own.findIndex(({ status }) => status?.phase === 'Succeeded');
  const failures = succeeded < 0 ? own.length : succeeded;
  const last = own[0]?.status?.phaseTransitionTimestamps?.at(-1)?.phaseTransitionTimestamp;
  if (failures === 0 || last === undefined) return 0;
  return Math.max(0, Date.parse(last) + firstMs * 2 ** (failures - 1) - now);
}
