type Metric = readonly [type: 'counter' | 'gauge' | 'histogram', help: string];

/** What is told here of what KubeVirt tells (docs/observability/metrics.md, d923fdb), under its names. */
export const metrics = {
  kubevirt_vmi_cpu_usage_seconds_total: ['counter', 'CPU time of the guest with its hypervisor.'],
  kubevirt_vmi_cpu_user_usage_seconds_total: ['counter', 'CPU time in user mode on the host.'],
  kubevirt_vmi_cpu_system_usage_seconds_total: ['counter', 'CPU time in the host kernel.'],
  kubevirt_vmi_vcpu_seconds_total: ['counter', 'CPU time of each virtual processor.'],
  kubevirt_vmi_vcpu_wait_seconds_total: ['counter', 'Time that a vCPU waited to be run.'],
  kubevirt_vmi_vcpu_delay_seconds_total: ['counter', 'Time that a vCPU waited for a host CPU.'],
  kubevirt_vmi_memory_resident_bytes: ['gauge', 'Memory of the host that the process occupies.'],
  kubevirt_vmi_memory_domain_bytes: ['gauge', 'Memory that the domain is defined with.'],
  kubevirt_vmi_memory_actual_balloon_bytes: ['gauge', 'Memory that the balloon leaves the guest.'],
  kubevirt_vmi_memory_available_bytes: ['gauge', 'Memory that the guest sees.'],
  kubevirt_vmi_memory_unused_bytes: ['gauge', 'Memory that the guest has for nothing.'],
  kubevirt_vmi_memory_usable_bytes: ['gauge', 'Memory that the guest could use without swapping.'],
  kubevirt_vmi_memory_cached_bytes: ['gauge', 'Memory of the guest that caches files.'],
  kubevirt_vmi_memory_pgmajfault_total: ['counter', 'Page faults in the guest that read a disk.'],
  kubevirt_vmi_memory_pgminfault_total: ['counter', 'Page faults in the guest that did not.'],
  kubevirt_vmi_memory_swap_in_traffic_bytes: ['gauge', 'Bytes that the guest swapped in.'],
  kubevirt_vmi_memory_swap_out_traffic_bytes: ['gauge', 'Bytes that the guest swapped out.'],
  kubevirt_vmi_dirty_rate_bytes_per_second: ['gauge', 'Memory that the guest writes to, a second.'],
  kubevirt_vmi_storage_iops_read_total: ['counter', 'Read operations.'],
  kubevirt_vmi_storage_iops_write_total: ['counter', 'Write operations.'],
  kubevirt_vmi_storage_read_traffic_bytes_total: ['counter', 'Bytes read.'],
  kubevirt_vmi_storage_write_traffic_bytes_total: ['counter', 'Bytes written.'],
  kubevirt_vmi_storage_read_times_seconds_total: ['counter', 'Time spent on reading.'],
  kubevirt_vmi_storage_write_times_seconds_total: ['counter', 'Time spent on writing.'],
  kubevirt_vmi_storage_flush_requests_total: ['counter', 'Flush requests.'],
  kubevirt_vmi_storage_flush_times_seconds_total: ['counter', 'Time spent on flushing.'],
  kubevirt_vmi_network_receive_bytes_total: ['counter', 'Bytes that the guest received.'],
  kubevirt_vmi_network_transmit_bytes_total: ['counter', 'Bytes that the guest sent.'],
  kubevirt_vmi_network_receive_packets_total: ['counter', 'Packets that the guest received.'],
  kubevirt_vmi_network_transmit_packets_total: ['counter', 'Packets that the guest sent.'],
  kubevirt_vmi_network_receive_errors_total: ['counter', 'Errors of receiving.'],
  kubevirt_vmi_network_transmit_errors_total: ['counter', 'Errors of sending.'],
  kubevirt_vmi_network_receive_packets_dropped_total: ['counter', 'Packets dropped on receiving.'],
  kubevirt_vmi_network_transmit_packets_dropped_total: ['counter', 'Packets dropped on sending.'],
  kubevirt_vmi_network_traffic_bytes_total: ['counter', 'Deprecated: bytes in either direction.'],
  kubevirt_vmi_node_cpu_affinity: ['gauge', 'CPUs of the node that the vCPUs may run on.'],
  kubevirt_vmi_guest_load_1m: ['gauge', 'Load average of the guest over a minute.'],
  kubevirt_vmi_guest_load_5m: ['gauge', 'Load average of the guest over 5 minutes.'],
  kubevirt_vmi_guest_load_15m: ['gauge', 'Load average of the guest over 15 minutes.'],
  kubevirt_vmi_filesystem_capacity_bytes: ['gauge', 'Size of a file system in the guest.'],
  kubevirt_vmi_filesystem_used_bytes: ['gauge', 'What is used of a file system in the guest.'],
  kubevirt_vmi_migration_data_processed_bytes: ['gauge', 'Memory sent by the migration so far.'],
  kubevirt_vmi_migration_data_remaining_bytes: ['gauge', 'Memory that is still to be sent.'],
  kubevirt_vmi_migration_data_bytes_total: ['counter', 'Memory that is to be sent in all.'],
  kubevirt_vmi_migration_dirty_memory_rate_bytes: ['gauge', 'Memory that the guest dirties.'],
  kubevirt_vmi_migration_memory_transfer_rate_bytes: ['gauge', 'Memory that is sent a second.'],
  kubevirt_vmi_guest_os_panic_total: ['counter', 'Panics of the guest, by what told of them.'],
  kubevirt_info: ['gauge', 'The release of KubeVirt.'],
  kubevirt_virt_controller_ready_status: ['gauge', 'Whether virt-controller is ready.'],
  kubevirt_virt_controller_leading_status: ['gauge', 'Whether virt-controller is the leader.'],
  kubevirt_virt_operator_ready_status: ['gauge', 'Whether virt-operator is ready.'],
  kubevirt_virt_operator_leading_status: ['gauge', 'Whether virt-operator is the leader.'],
  kubevirt_rest_client_requests_total: ['counter', 'Requests to the API, by what came of them.'],
  kubevirt_rest_client_request_latency_seconds: ['histogram', 'How long requests took.'],
  kubevirt_vnc_active_connections: ['gauge', 'Open VNC streams.'],
  kubevirt_console_active_connections: ['gauge', 'Open streams to serial consoles.'],
  kubevirt_portforward_active_tunnels: ['gauge', 'Forwarded ports with a connection.'],
  kubevirt_usbredir_active_connections: ['gauge', 'Open streams to USB devices.'],
  kubevirt_vmi_last_api_connection_timestamp_seconds: ['gauge', 'When the last stream began.'],
  kubevirt_vmi_phase_transition_time_seconds: ['histogram', 'Time from one phase to the next.'],
  kubevirt_vmi_phase_transition_time_from_creation_seconds: ['histogram', 'Time to a phase.'],
  kubevirt_vmi_phase_transition_time_from_deletion_seconds: ['histogram', 'Time to the end.'],
  kubevirt_vmi_migration_phase_transition_time_from_creation_seconds: [
    'histogram',
    'Time from the creation of a migration to a phase.',
  ],
  kube_node_status_allocatable: ['gauge', 'Resources of nodes, for pods.'],
  kube_node_labels: ['gauge', 'Labels of nodes that alerts look at.'],
  kube_pod_info: ['gauge', 'Pods of KubeVirt, and their nodes.'],
  kube_pod_status_phase: ['gauge', 'Phases of the pods of KubeVirt.'],
  kube_pod_status_ready: ['gauge', 'Whether the pods of KubeVirt are ready.'],
  kubevirt_vmi_number_of_outdated: ['gauge', 'Instances with an outdated launcher.'],
  kubevirt_vmi_info: ['gauge', 'Information about VirtualMachineInstances.'],
  kubevirt_vmi_non_evictable: ['gauge', 'Whether an eviction by migration would be refused.'],
  kubevirt_vmi_status_addresses: ['gauge', 'Addresses of VirtualMachineInstances.'],
  kubevirt_vmi_vnic_info: ['gauge', 'Network interfaces of VirtualMachineInstances.'],
  kubevirt_vmi_launcher_memory_overhead_bytes: ['gauge', 'Memory of a launcher besides its guest.'],
  kubevirt_vmi_migration_start_time_seconds: ['gauge', 'When the last migration began.'],
  kubevirt_vmi_migration_end_time_seconds: ['gauge', 'When the last migration ended.'],
  kubevirt_vmi_migrations_in_pending_phase: ['gauge', 'Migrations that are pending.'],
  kubevirt_vmi_migrations_in_scheduling_phase: ['gauge', 'Migrations that are being scheduled.'],
  kubevirt_vmi_migrations_in_running_phase: ['gauge', 'Migrations that run.'],
  kubevirt_vmi_migrations_in_unset_phase: ['gauge', 'Migrations without a phase.'],
  kubevirt_vmi_migration_succeeded: ['gauge', 'Migrations that succeeded.'],
  kubevirt_vmi_migration_failed: ['gauge', 'Migrations that failed.'],
  kubevirt_vm_info: ['gauge', 'Information about VirtualMachines.'],
  kubevirt_vm_create_date_timestamp_seconds: ['gauge', 'When the VirtualMachine was made.'],
  kubevirt_vm_resource_requests: ['gauge', 'Resources that a VirtualMachine asks for.'],
  kubevirt_vm_resource_limits: ['gauge', 'Limits of the resources of a VirtualMachine.'],
  kubevirt_vm_disk_allocated_size_bytes: ['gauge', 'Size of a disk of a VirtualMachine.'],
  kubevirt_vm_vnic_info: ['gauge', 'Network interfaces of VirtualMachines.'],
  kubevirt_vmsnapshot_succeeded_timestamp_seconds: ['gauge', 'When the snapshot succeeded.'],
  kubevirt_vm_starting_status_last_transition_timestamp_seconds: ['counter', 'Since it starts.'],
  kubevirt_vm_running_status_last_transition_timestamp_seconds: ['counter', 'Since it runs.'],
  kubevirt_vm_migrating_status_last_transition_timestamp_seconds: ['counter', 'Since it migrates.'],
  kubevirt_vm_non_running_status_last_transition_timestamp_seconds: [
    'counter',
    'Since it is paused or stopped.',
  ],
  kubevirt_vm_error_status_last_transition_timestamp_seconds: ['counter', 'Since it fails.'],
  kubevirt_configuration_emulation_enabled: ['gauge', 'Whether guests run without KVM.'],
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
export type Labels = Readonly<Record<string, string | undefined>>;

export type Sample = readonly [metric: MetricName, line: string];

/**
 * A sample in Prometheus' text format. Labels that are empty or undefined are left out; a value that is
 * undefined is not known, and gives none.
 */
export function sample(name: MetricName, labels: Labels, value: number | undefined): Sample[] {
  return value === undefined ? [] : [[name, lineOf(name, labels, value)]];
}

/** A line of the text format. */
export function lineOf(name: string, labels: Labels, value: number): string {
  const texts = Object.entries(labels).flatMap(([label, text]) =>
    text === undefined || text === '' ? [] : [`${label}="${escape(text)}"`],
  );
  return `${name}${texts.length === 0 ? '' : `{${texts.join(',')}}`} ${value}`;
}

const escape = (text: string) =>
  /[\\"\n]/.test(text)
    ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : text;

/** Collects samples, each metric in one block, as Prometheus' text format wants it. */
export class Exposition {
  readonly #lines = new Map<MetricName, string[]>();

  add(samples: readonly Sample[]): void {
    for (const [name, line] of samples) {
      const lines = this.#lines.get(name);
      if (lines) lines.push(line);
      else this.#lines.set(name, [line]);
    }
  }

  toString(): string {
    return [...this.#lines]
      .map(([name, lines]) => {
        const [type, help] = metrics[name];
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
      })
      .join('');
  }
}
