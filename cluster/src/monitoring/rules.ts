interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const record = (name: string, expr: string): Rule => ({ record: name, expr });

const used = 'kubevirt_vmi_memory_available_bytes - kubevirt_vmi_memory_usable_bytes';
const phases =
  'sum by (node, phase, os, workload, flavor, instance_type, preference, guest_os_kernel_release, guest_os_machine, guest_os_arch, guest_os_name, guest_os_version_id) (kubevirt_vmi_info)';
const machines = 'count by (namespace) (kubevirt_vm_info)';
const up = (part: string) => `sum(up{namespace="kubevirt", pod=~"${part}-.*"}) or vector(0)`;
const perVmi = (window: string, metric: string) =>
  `sum by (namespace, name) (rate(${metric}[${window}]))`;

/** KubeVirt: pkg/monitoring/rules/recordingrules (d923fdb), as far as there is what they count. */
const recordingRules: readonly Rule[] = [
  record('vmi:kubevirt_vmi_memory_used_bytes:sum', `sum by (namespace, name) (${used})`),
  record('kubevirt_vmi_memory_used_bytes', used),
  record(
    'vmi:kubevirt_vmi_memory_headroom_ratio:sum',
    'sum by (namespace, name) (kubevirt_vmi_memory_usable_bytes) / sum by (namespace, name) (kubevirt_vmi_memory_available_bytes)',
  ),
  record(
    'vmi:kubevirt_vmi_vcpu:count',
    'count by (namespace, name) (kubevirt_vmi_vcpu_seconds_total)',
  ),
  ...['5m', '30m'].flatMap((window) => [
    record(
      `vmi:kubevirt_vmi_pgmajfaults:rate${window}`,
      perVmi(window, 'kubevirt_vmi_memory_pgmajfault_total'),
    ),
    record(
      `vmi:kubevirt_vmi_swap_traffic_bytes:rate${window}`,
      `${perVmi(window, 'kubevirt_vmi_memory_swap_in_traffic_bytes')} + ${perVmi(window, 'kubevirt_vmi_memory_swap_out_traffic_bytes')}`,
    ),
  ]),
  record('node:kubevirt_vmi_phase:sum', phases),
  record('kubevirt_vmi_phase_count', phases),
  record('namespace:kubevirt_vm:sum', machines),
  record('kubevirt_number_of_vms', machines),
  record(
    'vmi:kubevirt_vmi_memory_available_bytes:sum',
    'sum by (namespace, name) (kubevirt_vmi_memory_available_bytes)',
  ),
  record(
    'vmi:kubevirt_vmi_guest_queue_length:sum',
    'clamp_min(sum by (namespace, name) (kubevirt_vmi_guest_load_1m) - vmi:kubevirt_vmi_vcpu:count, 0)',
  ),
  record(
    'cluster:kubevirt_virt_controller_ready:sum',
    'sum(kubevirt_virt_controller_ready_status) or vector(0)',
  ),
  record('cluster:kubevirt_virt_controller_up:sum', up('virt-controller')),
  record('cluster:kubevirt_virt_handler_up:sum', up('virt-handler')),
];

function alert(
  name: string,
  expr: string,
  { after, severity, impact }: { after?: string; severity: string; impact: string },
  summary: string,
): Rule {
  return {
    alert: name,
    expr,
    ...(after !== undefined && { for: after }),
    labels: {
      severity,
      operator_health_impact: impact,
      kubernetes_operator_part_of: 'kubevirt',
      kubernetes_operator_component: 'kubevirt',
    },
    annotations: {
      summary,
      runbook_url: `https://github.com/kubevirt/monitoring/blob/main/docs/runbooks/${name}.md`,
    },
  };
}

const filesystem = (comparison: string) =>
  `max by (namespace, name, disk_name, mount_point) (kubevirt_vmi_filesystem_used_bytes / kubevirt_vmi_filesystem_capacity_bytes * 100) ${comparison}`;
const unhealthy =
  'provisioning|crashloopbackoff|unknown|errorunschedulable|errimagepull|imagepullbackoff|errorpvcnotfound|datavolumeerror';

/** Page faults and swapping of a guest against the limits of KubeVirt's alerts, a second. */
const thrashes = (comparison: string, word: string) =>
  `vmi:kubevirt_vmi_pgmajfaults:rate5m ${comparison} 5 ${word} vmi:kubevirt_vmi_swap_traffic_bytes:rate5m ${comparison} 1048576`;

/** KubeVirt: pkg/monitoring/rules/alerts (d923fdb), as far as there is what they look at. */
const alerts: readonly Rule[] = [
  alert(
    'VMCannotBeEvicted',
    'kubevirt_vmi_non_evictable > 0',
    { after: '1m', severity: 'warning', impact: 'none' },
    'The eviction strategy of the VM is LiveMigrate, but it cannot be migrated.',
  ),
  alert(
    'KubeVirtVMIExcessiveMigrations',
    'sum by (vmi, namespace) (max_over_time(kubevirt_vmi_migration_succeeded[1d])) >= 12',
    { severity: 'warning', impact: 'none' },
    'The VM was migrated 12 times or more within a day.',
  ),
  alert(
    'OutdatedVirtualMachineInstanceWorkloads',
    'kubevirt_vmi_number_of_outdated != 0',
    { after: '24h', severity: 'warning', impact: 'none' },
    'Some instances have run with an outdated launcher for a day.',
  ),
  ...(
    [
      ['Warning', 10],
      ['Critical', 20],
    ] as const
  ).map(([level, most]) =>
    alert(
      `GuestVCPUQueueHigh${level}`,
      `vmi:kubevirt_vmi_guest_queue_length:sum > ${most}`,
      { severity: level.toLowerCase(), impact: 'none' },
      `Over ${most} programs in the guest wait for a vCPU.`,
    ),
  ),
  alert(
    'KubeVirtVMGuestMemoryPressure',
    `vmi:kubevirt_vmi_memory_headroom_ratio:sum < 0.05 and (${thrashes('>', 'or')})`,
    { after: '5m', severity: 'warning', impact: 'none' },
    'The guest is short of memory, and reads or swaps pages all the time.',
  ),
  alert(
    'KubeVirtVMGuestMemoryAvailableLow',
    `vmi:kubevirt_vmi_memory_headroom_ratio:sum < 0.03 and ${thrashes('<=', 'and')}`,
    { after: '30m', severity: 'info', impact: 'none' },
    'The guest has next to no memory left.',
  ),
  alert(
    'VirtualMachineStuckOnNode',
    'sum by (namespace, name, status, node) ((kubevirt_vm_info{status=~"starting|stopping|terminating"} or kubevirt_vm_info{status_group="error"}) * on (namespace, name) group_left (node) kubevirt_vmi_info{node!=""})',
    { after: '5m', severity: 'warning', impact: 'none' },
    'The VM has been starting, stopping or failing on its node for 5 minutes.',
  ),
  alert(
    'VirtualMachineStuckInUnhealthyState',
    `sum by (namespace, name, status) (kubevirt_vm_info{status=~"${unhealthy}"}) unless on (namespace, name) kubevirt_vmi_info{node!=""}`,
    { after: '10m', severity: 'warning', impact: 'none' },
    'The VM has been in an unhealthy state for over 10 minutes.',
  ),
  alert(
    'GuestFilesystemAlmostOutOfSpace',
    `${filesystem('>= 85')} < 95`,
    { after: '10m', severity: 'warning', impact: 'none' },
    'A file system in the guest is over 85 % full.',
  ),
  alert(
    'GuestFilesystemAlmostOutOfSpace',
    filesystem('>= 95'),
    { after: '10m', severity: 'critical', impact: 'none' },
    'A file system in the guest is over 95 % full.',
  ),
  alert(
    'VirtControllerDown',
    'cluster:kubevirt_virt_controller_up:sum == 0',
    { after: '10m', severity: 'critical', impact: 'critical' },
    'virt-controller has not answered for 10 minutes.',
  ),
  alert(
    'NoReadyVirtController',
    'cluster:kubevirt_virt_controller_ready:sum == 0',
    { after: '10m', severity: 'critical', impact: 'critical' },
    'No virt-controller has been ready for 10 minutes.',
  ),
  alert(
    'VirtHandlerDown',
    'cluster:kubevirt_virt_handler_up:sum == 0',
    { after: '10m', severity: 'critical', impact: 'critical' },
    'virt-handler has not answered for 10 minutes.',
  ),
];

/** A rule file of Prometheus. */
export const ruleFile = {
  groups: [{ name: 'kubevirt.rules', rules: [...recordingRules, ...alerts] }],
};
