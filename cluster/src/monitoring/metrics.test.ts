import { expect, test } from 'vitest';

import { metrics } from './metrics.ts';
import { ruleFile } from './rules.ts';

type Type = 'counter' | 'gauge' | 'histogram';

/** name, type of what KubeVirt tells (docs/observability/metrics.md, d923fdb); without `kubevirt_`. */
const guest: [name: string, type: Type][] = [
  ...(
    ['cpu_usage', 'cpu_user_usage', 'cpu_system_usage', 'vcpu', 'vcpu_delay', 'vcpu_wait'] as const
  ).map((name): [string, Type] => [`vmi_${name}_seconds_total`, 'counter']),
  ['vmi_memory_resident_bytes', 'gauge'],
  ['vmi_memory_domain_bytes', 'gauge'],
  ...['available', 'unused', 'usable', 'cached', 'actual_balloon'].map((name): [string, Type] => [
    `vmi_memory_${name}_bytes`,
    'gauge',
  ]),
  ['vmi_memory_pgmajfault_total', 'counter'],
  ['vmi_memory_pgminfault_total', 'counter'],
  ['vmi_memory_swap_in_traffic_bytes', 'gauge'],
  ['vmi_memory_swap_out_traffic_bytes', 'gauge'],
  ...['receive', 'transmit'].flatMap((way) =>
    ['bytes', 'packets', 'errors', 'packets_dropped'].map((what): [string, Type] => [
      `vmi_network_${way}_${what}_total`,
      'counter',
    ]),
  ),
  ['vmi_network_traffic_bytes_total', 'counter'],
  ...['iops_read', 'iops_write', 'read_traffic_bytes', 'write_traffic_bytes'].map(
    (name): [string, Type] => [`vmi_storage_${name}_total`, 'counter'],
  ),
  ...['read_times_seconds', 'write_times_seconds', 'flush_requests', 'flush_times_seconds'].map(
    (name): [string, Type] => [`vmi_storage_${name}_total`, 'counter'],
  ),
  ['vmi_filesystem_capacity_bytes', 'gauge'],
  ['vmi_filesystem_used_bytes', 'gauge'],
  ...['1m', '5m', '15m'].map((window): [string, Type] => [`vmi_guest_load_${window}`, 'gauge']),
  ['vmi_migration_data_bytes_total', 'counter'],
  ['vmi_migration_data_processed_bytes', 'gauge'],
  ['vmi_migration_data_remaining_bytes', 'gauge'],
  ['vmi_migration_dirty_memory_rate_bytes', 'gauge'],
  ['vmi_migration_memory_transfer_rate_bytes', 'gauge'],
  ['vmi_node_cpu_affinity', 'gauge'],
  ['vmi_dirty_rate_bytes_per_second', 'gauge'],
  ['vmi_guest_os_panic_total', 'counter'],
];

const controller: [name: string, type: Type][] = [
  ['info', 'gauge'],
  ['vmi_info', 'gauge'],
  ['vm_info', 'gauge'],
  ...['starting', 'running', 'migrating', 'non_running', 'error'].map((group): [string, Type] => [
    `vm_${group}_status_last_transition_timestamp_seconds`,
    'counter',
  ]),
  ['vm_resource_requests', 'gauge'],
  ['vm_resource_limits', 'gauge'],
  ['vm_disk_allocated_size_bytes', 'gauge'],
  ['vm_create_date_timestamp_seconds', 'gauge'],
  ['vm_vnic_info', 'gauge'],
  ['vmi_vnic_info', 'gauge'],
  ['vmi_status_addresses', 'gauge'],
  ['vmi_launcher_memory_overhead_bytes', 'gauge'],
  ['vmi_non_evictable', 'gauge'],
  ['vmi_number_of_outdated', 'gauge'],
  ...['pending', 'scheduling', 'running', 'unset'].map((phase): [string, Type] => [
    `vmi_migrations_in_${phase}_phase`,
    'gauge',
  ]),
  ...['succeeded', 'failed', 'start_time_seconds', 'end_time_seconds'].map(
    (name): [string, Type] => [`vmi_migration_${name}`, 'gauge'],
  ),
  ['vmsnapshot_succeeded_timestamp_seconds', 'gauge'],
  ['configuration_emulation_enabled', 'gauge'],
  ['virt_controller_ready_status', 'gauge'],
  ['virt_controller_leading_status', 'gauge'],
  ...['vmi', 'vmi_migration'].map((of): [string, Type] => [
    `${of}_phase_transition_time_from_creation_seconds`,
    'histogram',
  ]),
  ['vmi_phase_transition_time_seconds', 'histogram'],
  ['vmi_phase_transition_time_from_deletion_seconds', 'histogram'],
];

/** Of virt-operator, virt-api, and of all parts. */
const others: [name: string, type: Type][] = [
  ['virt_operator_ready_status', 'gauge'],
  ['virt_operator_leading_status', 'gauge'],
  ['rest_client_requests_total', 'counter'],
  ['rest_client_request_latency_seconds', 'histogram'],
  ...['vnc', 'console', 'usbredir'].map((kind): [string, Type] => [
    `${kind}_active_connections`,
    'gauge',
  ]),
  ['portforward_active_tunnels', 'gauge'],
  ['vmi_last_api_connection_timestamp_seconds', 'gauge'],
];

/** Of kube-state-metrics, as far as the rules look at them. */
const kubeState = [
  ...['node_status_allocatable', 'node_labels'],
  ...['pod_info', 'pod_status_phase', 'pod_status_ready'],
].map((name) => [`kube_${name}`, 'gauge']);

test('every metric has the name and the type of KubeVirt, and none has another name', () => {
  const told = Object.entries(metrics).map(([name, [type]]) => [name, type]);
  const wanted = [...guest, ...controller, ...others]
    .map(([name, type]) => [`kubevirt_${name}`, type])
    .concat(kubeState);
  const byName = ([a = '']: string[], [b = '']: string[]) => a.localeCompare(b);
  expect(told.sort(byName)).toEqual(wanted.sort(byName));
});

const window = ['5m', '30m'];

/** Sources: pkg/monitoring/rules/recordingrules and pkg/monitoring/rules/alerts (d923fdb). */
test('the rules are those of KubeVirt whose inputs are there, with their times and severities', () => {
  const rules = ruleFile.groups.flatMap((group) => group.rules);
  expect(rules.flatMap(({ record }) => record ?? []).sort()).toEqual(
    [
      ...['memory_used_bytes:sum', 'memory_headroom_ratio:sum', 'memory_available_bytes:sum'],
      ...['vcpu:count', 'guest_queue_length:sum'],
      ...window.flatMap((of) => [`pgmajfaults:rate${of}`, `swap_traffic_bytes:rate${of}`]),
    ]
      .map((name) => `vmi:kubevirt_vmi_${name}`)
      .concat([
        ...['node:kubevirt_vmi_phase:sum', 'kubevirt_vmi_phase_count'],
        ...[
          'namespace:kubevirt_vm:sum',
          'kubevirt_number_of_vms',
          'kubevirt_vmi_memory_used_bytes',
        ],
        ...['api', 'controller', 'handler', 'operator'].flatMap((part) => [
          `cluster:kubevirt_virt_${part}_up:sum`,
          `kubevirt_virt_${part}_up`,
        ]),
        ...['controller', 'operator'].flatMap((part) => [
          `cluster:kubevirt_virt_${part}_ready:sum`,
          `cluster:kubevirt_virt_${part}_leading:sum`,
        ]),
        ...['cluster:kubevirt_nodes_allocatable:count', 'kubevirt_allocatable_nodes'],
        ...['cluster:kubevirt_nodes_with_kvm:count', 'kubevirt_nodes_with_kvm'],
      ])
      .sort(),
  );
  const alerts = rules.flatMap(({ alert, for: after = '-', labels }) =>
    alert ? [`${alert} ${after} ${labels?.['severity'] ?? ''}`] : [],
  );
  expect(alerts.sort()).toEqual([
    'GuestFilesystemAlmostOutOfSpace 10m critical',
    'GuestFilesystemAlmostOutOfSpace 10m warning',
    'GuestVCPUQueueHighCritical - critical',
    'GuestVCPUQueueHighWarning - warning',
    'KubeVirtNoAvailableNodesToRunVMs 5m warning',
    'KubeVirtVMGuestMemoryAvailableLow 30m info',
    'KubeVirtVMGuestMemoryPressure 5m warning',
    'KubeVirtVMIExcessiveMigrations - warning',
    'LowKVMNodesCount 5m warning',
    'NoLeadingVirtController 10m critical',
    'NoLeadingVirtOperator 10m critical',
    'NoReadyVirtController 10m critical',
    'NoReadyVirtOperator 10m critical',
    'OrphanedVirtualMachineInstances 10m warning',
    'OutdatedVirtualMachineInstanceWorkloads 24h warning',
    'VMCannotBeEvicted 1m warning',
    'VMNonRecoverableOSPanic 1m critical',
    'VirtAPIDown 10m critical',
    'VirtControllerDown 10m critical',
    'VirtControllerRESTErrorsBurst 5m critical',
    'VirtHandlerDown 10m critical',
    'VirtHandlerRESTErrorsBurst 5m critical',
    'VirtLauncherPodsStuckFailed 10m critical',
    'VirtOperatorDown 10m critical',
    'VirtOperatorRESTErrorsBurst 5m critical',
    'VirtualMachineStuckInUnhealthyState 10m warning',
    'VirtualMachineStuckOnNode 5m warning',
  ]);
  for (const { alert, annotations } of rules) {
    if (alert) expect(annotations?.['runbook_url']).toMatch(new RegExp(`/${alert}\\.md$`));
  }
});
