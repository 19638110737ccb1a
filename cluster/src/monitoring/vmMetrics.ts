import type { Informer } from '../client/Informer.ts';
import type { PersistentVolumeClaim, Pod } from '../client/resources.ts';
import {
  guestCpus,
  guestMemoryBytes,
  launcherOverheadBytes,
} from '../kubevirt/launcherResources.ts';
import type {
  VirtualMachine,
  VirtualMachineInstance,
  VirtualMachineInstanceMigration,
} from '../kubevirt/resources.ts';
import { DiskSamples } from './DiskSamples.ts';
import type { VirtualMachineSnapshot } from '../kubevirt/virt-controller/snapshot/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { kubeVirtVersion } from '../versions.ts';
import { findCondition } from '../kubevirt/virt-controller/conditions.ts';
import { inTurns } from './inTurns.ts';
import { vnicSamples } from './vnicSamples.ts';
import type { PhaseTransitions } from './PhaseTransitions.ts';
import { Exposition, type Labels, type MetricName, sample, type Sample } from './metrics.ts';

interface Dependencies {
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  migrations: Informer<VirtualMachineInstanceMigration>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  claims: Informer<PersistentVolumeClaim>;
  vmSnapshots: Informer<VirtualMachineSnapshot>;
  transitions: PhaseTransitions;
  /** Do guests run without KVM? */
  emulation: () => boolean;
}

/**
 * What virt-controller tells of VMs, VMIs and migrations. KubeVirt: pkg/monitoring/metrics/virt-controller
 * (057d186). An object that has not changed is not looked at again, so that ten thousand cost little.
 */
export class VmMetrics {
  readonly #is: Dependencies;
  readonly #known = new WeakMap<object, readonly Sample[]>();
  readonly #disks: DiskSamples;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#disks = new DiskSamples(dependencies.claims);
  }

  async expose(): Promise<string> {
    const { vms, vmis, migrations, pods, vmSnapshots, emulation, transitions } = this.#is;
    const exposition = new Exposition();
    exposition.add(sample('kubevirt_configuration_emulation_enabled', {}, emulation() ? 1 : 0));
    exposition.add([
      ...sample('kubevirt_info', { kubeversion: kubeVirtVersion }, 1),
      // It answers, and there is no other.
      ...sample('kubevirt_virt_controller_ready_status', {}, 1),
      ...sample('kubevirt_virt_controller_leading_status', {}, 1),
      ...sample('kubevirt_vmi_number_of_outdated', {}, 0),
    ]);
    await this.#addAll(exposition, vms.list(), vmSamples);
    await inTurns(vms.list(), (vm) => exposition.add(this.#disks.of(vm)));
    await this.#addAll(exposition, vmSnapshots.list(), snapshotSamples);
    const names = new Map(migrations.list().map(({ metadata }) => [metadata.uid, metadata.name]));
    await this.#addAll(exposition, vmis.list(), (vmi) =>
      vmiSamples(vmi, pods.byIndex('createdBy', vmi.metadata.uid), names),
    );
    exposition.add(phaseSamples(migrations.list()));
    exposition.add(transitions.samples());
    await this.#addAll(exposition, migrations.list(), migrationSamples);
    return exposition.toString();
  }

  async #addAll<T extends object>(
    exposition: Exposition,
    objects: readonly T[],
    samplesOf: (object: T) => readonly Sample[],
  ): Promise<void> {
    await inTurns(objects, (object) => {
      const samples = this.#known.get(object) ?? samplesOf(object);
      this.#known.set(object, samples);
      exposition.add(samples);
    });
  }
}

type Group = 'starting' | 'running' | 'migrating' | 'non_running' | 'error';

const groups: Readonly<Record<string, Group>> = {
  Provisioning: 'starting',
  Starting: 'starting',
  WaitingForVolumeBinding: 'starting',
  WaitingForReceiver: 'starting',
  Running: 'running',
  Migrating: 'migrating',
  Stopped: 'non_running',
  Paused: 'non_running',
  Stopping: 'non_running',
  Terminating: 'non_running',
  CrashLoopBackOff: 'error',
  Unknown: 'error',
  ErrorUnschedulable: 'error',
  ErrImagePull: 'error',
  ImagePullBackOff: 'error',
  ErrorPvcNotFound: 'error',
  DataVolumeError: 'error',
};

const lastTransition: Readonly<Record<Group, MetricName>> = {
  starting: 'kubevirt_vm_starting_status_last_transition_timestamp_seconds',
  running: 'kubevirt_vm_running_status_last_transition_timestamp_seconds',
  migrating: 'kubevirt_vm_migrating_status_last_transition_timestamp_seconds',
  non_running: 'kubevirt_vm_non_running_status_last_transition_timestamp_seconds',
  error: 'kubevirt_vm_error_status_last_transition_timestamp_seconds',
};
const allGroups = ['starting', 'running', 'migrating', 'non_running', 'error'] as const;

const secondsOf = (time: string | null | undefined) =>
  time ? Math.floor(Date.parse(time) / 1000) : undefined;

const systemInfo = (annotations: Readonly<Record<string, string>> | undefined) => ({
  os: annotations?.['vm.kubevirt.io/os'],
  workload: annotations?.['vm.kubevirt.io/workload'],
  flavor: annotations?.['vm.kubevirt.io/flavor'],
});

function vmSamples({ metadata, spec, status }: VirtualMachine): Sample[] {
  const { name, namespace } = metadata;
  const of = { name, namespace };
  const printable = status?.printableStatus ?? '';
  const group = groups[printable] ?? 'error';
  const changed = (status?.conditions ?? [])
    .filter(({ type }) => ['Ready', 'Failure', 'Paused'].includes(type))
    // The generated type lacks it.
    .map(
      (one: { type: string; lastTransitionTime?: string }) =>
        secondsOf(one.lastTransitionTime) ?? 0,
    );
  const domain = spec.template.spec;
  const memory = guestMemoryBytes(domain);
  const request = (resource: string, unit: string) => ({ ...of, resource, unit, source: 'domain' });
  // What comes from an instance type stands in the VMI alone.
  const cpus = domain && !spec.instancetype ? guestCpus(domain) : undefined;
  // The declared type of template metadata is an object without fields.
  const template = spec.template.metadata as { annotations?: Record<string, string> } | undefined;
  return [
    ...sample(
      'kubevirt_vm_info',
      {
        ...of,
        ...systemInfo(template?.annotations),
        machine_type: domain?.domain.machine?.type,
        instance_type: spec.instancetype?.name,
        preference: spec.preference?.name,
        status: printable.toLowerCase(),
        status_group: group,
      },
      1,
    ),
    ...allGroups.flatMap((one) =>
      sample(lastTransition[one], of, one === group ? Math.max(0, ...changed) : 0),
    ),
    ...sample(
      'kubevirt_vm_create_date_timestamp_seconds',
      of,
      secondsOf(metadata.creationTimestamp),
    ),
    ...limitSamples(spec, request),
    ...vnicSamples('kubevirt_vm_vnic_info', of, domain),
    ...sample('kubevirt_vm_resource_requests', request('memory', 'bytes'), memory),
    ...sample('kubevirt_vm_resource_requests', request('cpu', 'cores'), cpus),
  ];
}

function vmiSamples(
  vmi: VirtualMachineInstance,
  pods: readonly Pod[],
  migrationNames: ReadonlyMap<string, string>,
): Sample[] {
  const { metadata, spec, status } = vmi;
  const annotations = metadata.annotations ?? {};
  const of = { node: status?.nodeName, namespace: metadata.namespace, name: metadata.name };
  const migratable = findCondition(status?.conditions, 'LiveMigratable')?.status === 'True';
  const evictable = spec.evictionStrategy !== 'LiveMigrate' || migratable;
  const { guestOSInfo: guest, migrationState: state } = status ?? {};
  const moved = { ...of, migration_name: migrationNames.get(state?.migrationUid ?? '') };
  const outcome = !state?.completed ? '' : state.failed ? 'failed' : 'succeeded';
  return [
    ...sample(
      'kubevirt_vmi_info',
      {
        ...of,
        phase: (status?.phase ?? '').toLowerCase(),
        ...systemInfo(annotations),
        instance_type:
          annotations['kubevirt.io/instancetype-name'] ??
          annotations['kubevirt.io/cluster-instancetype-name'],
        preference:
          annotations['kubevirt.io/preference-name'] ??
          annotations['kubevirt.io/cluster-preference-name'],
        guest_os_kernel_release: guest?.kernelRelease,
        guest_os_machine: status?.machine?.type,
        guest_os_arch: guest?.machine,
        guest_os_name: guest?.name,
        guest_os_version_id: guest?.versionId,
        evictable: String(evictable),
        outdated: 'false',
        vmi_pod: pods.find((pod) => pod.spec.nodeName === status?.nodeName)?.metadata.name,
      },
      1,
    ),
    ...sample('kubevirt_vmi_non_evictable', of, evictable ? 0 : 1),
    ...(status?.interfaces ?? []).flatMap(({ name, interfaceName, ipAddress }) =>
      sample(
        'kubevirt_vmi_status_addresses',
        {
          ...of,
          vnic_name: name,
          interface_name: interfaceName,
          address: ipAddress,
          type: ipAddress ? 'ExternalInterface' : 'SystemInterface',
        },
        1,
      ),
    ),
    ...vnicSamples(
      'kubevirt_vmi_vnic_info',
      { name: metadata.name, namespace: metadata.namespace },
      spec,
    ),
    ...sample('kubevirt_vmi_launcher_memory_overhead_bytes', of, launcherOverheadBytes(spec)),
    ...sample('kubevirt_vmi_migration_start_time_seconds', moved, secondsOf(state?.startTimestamp)),
    ...sample(
      'kubevirt_vmi_migration_end_time_seconds',
      { ...moved, status: outcome },
      secondsOf(state?.endTimestamp),
    ),
  ];
}

function limitSamples(
  { template }: VirtualMachine['spec'],
  labels: (resource: string, unit: string) => Labels,
): Sample[] {
  const limits: object = template.spec?.domain.resources?.limits ?? {};
  return Object.entries(limits).flatMap(([resource, quantity]: [string, unknown]) => {
    const unit = { memory: 'bytes', cpu: 'cores' }[resource];
    if (unit === undefined) return [];
    return sample(
      'kubevirt_vm_resource_limits',
      labels(resource, unit),
      parseQuantity(String(quantity)),
    );
  });
}

function snapshotSamples({ metadata, spec, status }: VirtualMachineSnapshot): Sample[] {
  if (status?.phase !== 'Succeeded') return [];
  const { name: snapshot_name, namespace } = metadata;
  const of = { name: spec.source.name, snapshot_name, namespace };
  return sample(
    'kubevirt_vmsnapshot_succeeded_timestamp_seconds',
    of,
    secondsOf(status.creationTime),
  );
}

function phaseSamples(migrations: readonly VirtualMachineInstanceMigration[]): Sample[] {
  const count = (...phases: (string | undefined)[]) =>
    migrations.filter(({ status }) => phases.includes(status?.phase ?? '')).length;
  return [
    ...sample('kubevirt_vmi_migrations_in_unset_phase', {}, count('')),
    ...sample('kubevirt_vmi_migrations_in_pending_phase', {}, count('Pending')),
    ...sample('kubevirt_vmi_migrations_in_scheduling_phase', {}, count('Scheduling')),
    ...sample(
      'kubevirt_vmi_migrations_in_running_phase',
      {},
      count('Scheduled', 'PreparingTarget', 'TargetReady', 'Running'),
    ),
  ];
}

function migrationSamples({ metadata, spec, status }: VirtualMachineInstanceMigration): Sample[] {
  const { name: vmim, namespace } = metadata;
  const of = { vmi: spec.vmiName, vmim, namespace };
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!ended) return [];
  return status.phase === 'Succeeded'
    ? sample('kubevirt_vmi_migration_succeeded', of, 1)
    : sample('kubevirt_vmi_migration_failed', of, 1);
}
