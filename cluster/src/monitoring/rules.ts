import { alerts, type Rule } from './alerts.ts';

const record = (name: string, expr: string): Rule => ({ record: name, expr });

const used = 'kubevirt_vmi_memory_available_bytes - kubevirt_vmi_memory_usable_bytes';
const phases =
  'sum by (node, phase, os, workload, flavor, instance_type, preference, guest_os_kernel_release, guest_os_machine, guest_os_arch, guest_os_name, guest_os_version_id) (kubevirt_vmi_info)';
const machines = 'count by (namespace) (kubevirt_vm_info)';
const up = (part: string) => `sum(up{namespace="kubevirt", pod=~"${part}-.*"}) or vector(0)`;
const sumOf = (metric: string) => `sum(kubevirt_${metric}) or vector(0)`;
const withKvm =
  'count(kube_node_status_allocatable{resource="devices_kubevirt_io_kvm"} != 0) or vector(0)';
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
  record('cluster:kubevirt_virt_controller_ready:sum', sumOf('virt_controller_ready_status')),
  record('cluster:kubevirt_virt_controller_leading:sum', sumOf('virt_controller_leading_status')),
  record('cluster:kubevirt_virt_operator_ready:sum', sumOf('virt_operator_ready_status')),
  record('cluster:kubevirt_virt_operator_leading:sum', sumOf('virt_operator_leading_status')),
  ...['api', 'controller', 'handler', 'operator'].flatMap((part) => [
    record(`cluster:kubevirt_virt_${part}_up:sum`, up(`virt-${part}`)),
    record(`kubevirt_virt_${part}_up`, `cluster:kubevirt_virt_${part}_up:sum`),
  ]),
  record(
    'cluster:kubevirt_nodes_allocatable:count',
    'count(count(kube_node_status_allocatable) by (node))',
  ),
  record('cluster:kubevirt_nodes_with_kvm:count', withKvm),
  record('kubevirt_allocatable_nodes', 'cluster:kubevirt_nodes_allocatable:count'),
  record('kubevirt_nodes_with_kvm', 'cluster:kubevirt_nodes_with_kvm:count'),
];

/** A rule file of Prometheus. */
export const ruleFile = {
  groups: [{ name: 'kubevirt.rules', rules: [...recordingRules, ...alerts] }],
};
