/** A rule of Prometheus: it records, or it warns. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

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

const handlers = 'pod=~"virt-handler.*"';
const launchers = 'pod=~"virt-launcher-.*"';

/** A part of which there is none. */
const down = (name: string, part: string, counted: string) =>
  alert(
    name,
    `cluster:kubevirt_${counted}:sum == 0`,
    { after: '10m', severity: 'critical', impact: 'critical' },
    `There has been no ${part} for 10 minutes.`,
  );

/** The part of a component's requests that failed within 5 minutes. */
function errorRatio(part: string): string {
  const rate = (more: string) =>
    `sum(rate(kubevirt_rest_client_requests_total{namespace="kubevirt",pod=~"${part}-.*"${more}}[5m]))`;
  return `${rate(',code=~"(4|5)[0-9][0-9]"')} / ${rate('')}`;
}

/** Page faults and swapping of a guest against the limits of KubeVirt's alerts, a second. */
const thrashes = (comparison: string, word: string) =>
  `vmi:kubevirt_vmi_pgmajfaults:rate5m ${comparison} 5 ${word} vmi:kubevirt_vmi_swap_traffic_bytes:rate5m ${comparison} 1048576`;

/** KubeVirt: pkg/monitoring/rules/alerts (d923fdb), as far as there is what they look at. */
export const alerts: readonly Rule[] = [
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
    'VMNonRecoverableOSPanic',
    'sum by (namespace, name) (increase(kubevirt_vmi_guest_os_panic_total[24h])) > 5',
    { after: '1m', severity: 'critical', impact: 'none' },
    'The guest has panicked more than 5 times within a day.',
  ),
  alert(
    'OrphanedVirtualMachineInstances',
    `(((max by (node) (kube_pod_status_ready{condition="true",${handlers}} * on (pod) group_left (node) max by (pod, node) (kube_pod_info{${handlers},node!=""}))) == 1) or (count by (node) (kube_pod_info{${launchers},node!=""}) * 0)) == 0`,
    { after: '10m', severity: 'warning', impact: 'none' },
    'VMs run on a node on which no virt-handler has been ready for 10 minutes.',
  ),
  alert(
    'VirtLauncherPodsStuckFailed',
    `sum(kube_pod_status_phase{phase="Failed",${launchers}}) >= 200`,
    { after: '10m', severity: 'critical', impact: 'critical' },
    'At least 200 launcher pods have failed and not been deleted for 10 minutes.',
  ),
  alert(
    'LowKVMNodesCount',
    '(cluster:kubevirt_nodes_allocatable:count > 1) and (cluster:kubevirt_nodes_with_kvm:count < 2)',
    { after: '5m', severity: 'warning', impact: 'warning' },
    'Fewer than two nodes have KVM.',
  ),
  alert(
    'KubeVirtNoAvailableNodesToRunVMs',
    '((sum(kube_node_status_allocatable{resource="devices_kubevirt_io_kvm"}) or on() vector(0)) == 0 and (sum(kubevirt_configuration_emulation_enabled) or on() vector(0)) == 0) or (sum(kube_node_labels{label_kubevirt_io_schedulable="true"}) or on() vector(0)) == 0',
    { after: '5m', severity: 'warning', impact: 'critical' },
    'No node can run VMs.',
  ),
  down('VirtAPIDown', 'virt-api', 'virt_api_up'),
  down('VirtControllerDown', 'virt-controller', 'virt_controller_up'),
  down('VirtHandlerDown', 'virt-handler', 'virt_handler_up'),
  down('VirtOperatorDown', 'virt-operator', 'virt_operator_up'),
  down('NoReadyVirtController', 'ready virt-controller', 'virt_controller_ready'),
  down('NoReadyVirtOperator', 'ready virt-operator', 'virt_operator_ready'),
  down('NoLeadingVirtController', 'leading virt-controller', 'virt_controller_leading'),
  down('NoLeadingVirtOperator', 'leading virt-operator', 'virt_operator_leading'),
  ...['Controller', 'Handler', 'Operator'].map((part) =>
    alert(
      `Virt${part}RESTErrorsBurst`,
      `${errorRatio(`virt-${part.toLowerCase()}`)} >= 0.8`,
      { after: '5m', severity: 'critical', impact: 'critical' },
      `More than 80 % of the requests of virt-${part.toLowerCase()} have failed for 5 minutes.`,
    ),
  ),
];
