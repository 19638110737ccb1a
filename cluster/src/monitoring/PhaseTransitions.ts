import type { Informer } from '../client/Informer.ts';
import type {
  VirtualMachineInstance,
  VirtualMachineInstanceMigration,
} from '../kubevirt/resources.ts';
import { Histogram } from './Histogram.ts';
import type { Sample } from './metrics.ts';

const lifeBounds = [
  ...[0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 90],
  ...[2, 3, 5, 10, 20, 30, 60].map((minutes) => minutes * 60),
];
const migrationBounds = [0.1, ...lifeBounds, 7200];

interface Phased {
  phase?: string;
  phaseTransitionTimestamps?: { phase?: string; phaseTransitionTimestamp?: string | null }[];
}

/**
 * How long VMIs and migrations take from phase to phase, as it is seen while the program runs. KubeVirt:
 * pkg/monitoring/metrics/virt-controller/{perfscale_metrics,migration_metrics}.go (d923fdb).
 */
export class PhaseTransitions {
  readonly #between = new Histogram('kubevirt_vmi_phase_transition_time_seconds', lifeBounds);
  readonly #sinceCreation = new Histogram(
    'kubevirt_vmi_phase_transition_time_from_creation_seconds',
    lifeBounds,
  );
  readonly #sinceDeletion = new Histogram(
    'kubevirt_vmi_phase_transition_time_from_deletion_seconds',
    lifeBounds,
  );
  readonly #ofMigrations = new Histogram(
    'kubevirt_vmi_migration_phase_transition_time_from_creation_seconds',
    migrationBounds,
  );

  constructor(
    vmis: Informer<VirtualMachineInstance>,
    migrations: Informer<VirtualMachineInstanceMigration>,
  ) {
    vmis.onChange(({ before, after }) => {
      if (before && after && changed(before.status, after.status)) this.#observe(before, after);
    });
    migrations.onChange(({ before, after }) => {
      if (!before || !after || !changed(before.status, after.status)) return;
      const { creationTimestamp } = after.metadata;
      const { status = {} } = after;
      observe(this.#ofMigrations, { phase: status.phase }, creationTimestamp, entered(status));
    });
  }

  samples(): Sample[] {
    return [this.#between, this.#sinceCreation, this.#sinceDeletion, this.#ofMigrations].flatMap(
      (histogram) => histogram.samples(),
    );
  }

  #observe(before: VirtualMachineInstance, after: VirtualMachineInstance): void {
    const { creationTimestamp, deletionTimestamp } = after.metadata;
    const phase = after.status?.phase;
    const last = before.status?.phase;
    const at = entered(after.status ?? {});
    observe(this.#sinceCreation, { phase }, creationTimestamp, at);
    const since = entered({ ...after.status, ...(last !== undefined && { phase: last }) });
    if (last) observe(this.#between, { phase, last_phase: last }, since, at);
    if (phase === 'Succeeded' || phase === 'Failed') {
      observe(this.#sinceDeletion, { phase }, deletionTimestamp, at);
    }
  }
}

const changed = (before: Phased | undefined, after: Phased | undefined) =>
  after?.phase !== undefined && after.phase !== before?.phase;

/** When it came to the phase that it is in. */
const entered = ({ phase, phaseTransitionTimestamps }: Phased) =>
  phaseTransitionTimestamps?.find((one) => one.phase === phase)?.phaseTransitionTimestamp;

/** What has no time is not told. */
function observe(
  histogram: Histogram,
  labels: Record<string, string | undefined>,
  from: string | null | undefined,
  to: string | null | undefined,
): void {
  if (!from || !to) return;
  histogram.observe(labels, Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000));
}
