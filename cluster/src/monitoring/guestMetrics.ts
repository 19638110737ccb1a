import type { Informer } from '../client/Informer.ts';
import type { PortCounters } from '../cni/portCounters.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import type { PanicCount } from '../kubevirt/virt-handler/PanicCounts.ts';
import type { AgentCommands, InterfaceCounters } from '../kubevirt/virt-launcher/AgentCommands.ts';
import type { DomainInterface, Guest } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { GuestStatistics } from '../kubevirt/virt-launcher/GuestStatistics.ts';
import { Exposition, type Labels, sample, type Sample } from './metrics.ts';

interface Dependencies {
  node: string;
  vmis: Informer<VirtualMachineInstance>;
  guestOf: (vmi: VirtualMachineInstance) => Guest | undefined;
  /** What its network has counted; undefined for an interface of a guest that an older program started. */
  trafficOf: (vmi: VirtualMachineInstance, nic: DomainInterface) => PortCounters | undefined;
  /** Those of guests on the node. */
  panics: (node: string) => readonly PanicCount[];
}

/** An agent that hangs is not waited for: its metrics are then missing from this scrape. */
const agentPatienceMs = 2000;

/**
 * What virt-handler tells of the guests of its node, from QEMU, /proc and the guest agent. What none of
 * them knows is not told; a simulated guest tells nothing.
 */
export async function guestMetrics({
  node,
  vmis,
  guestOf,
  trafficOf,
  panics,
}: Dependencies): Promise<string> {
  const exposition = new Exposition();
  for (const { namespace, name, kind, code, total } of panics(node)) {
    const of = { namespace, name, type: kind, bugcheck_code: code };
    exposition.add(sample('kubevirt_vmi_guest_os_panic_total', of, total));
  }
  const guests = vmis.list().flatMap((vmi) => {
    const guest = vmi.status?.nodeName === node ? guestOf(vmi) : undefined;
    return guest && guest.pid !== undefined ? [{ vmi, guest }] : [];
  });
  await Promise.all(
    guests.map(async ({ vmi, guest }) => {
      const { namespace = '', name } = vmi.metadata;
      const labels = { node, namespace, name };
      const counted = guest.spec.interfaces.flatMap((nic) => {
        const traffic = trafficOf(vmi, nic);
        return traffic ? [{ ...traffic, name: nic.name, mac: nic.mac }] : [];
      });
      for (const traffic of counted) exposition.add(trafficSamples(traffic, labels, traffic.name));
      const uncounted = macs(vmi);
      for (const { mac } of counted) uncounted.delete(mac);
      exposition.add(await samplesOf(guest, labels, uncounted));
    }),
  );
  return exposition.toString();
}

/** Names of the interfaces in the VMI's spec, by hardware address. */
const macs = ({ status }: VirtualMachineInstance) =>
  new Map(
    (status?.interfaces ?? []).flatMap(({ mac, name }) => (mac && name ? [[mac, name]] : [])),
  );

async function samplesOf(
  guest: Guest,
  labels: Labels,
  interfaces: ReadonlyMap<string, string>,
): Promise<Sample[]> {
  const [statistics, inside, migration] = await Promise.all([
    // It may end meanwhile: then there is nothing to tell of it.
    guest.statistics().catch(() => undefined),
    guest.agent ? inTime(agentSamples(guest.agent, labels, interfaces)) : [],
    guest.migration?.progress().catch(() => undefined),
  ]);
  return [
    ...(statistics ? [...hostSamples(statistics, labels), ...diskSamples(statistics, labels)] : []),
    ...inside,
    ...sample('kubevirt_vmi_migration_data_processed_bytes', labels, migration?.transferredBytes),
    ...sample('kubevirt_vmi_migration_data_remaining_bytes', labels, migration?.remainingBytes),
    ...sample('kubevirt_vmi_migration_data_bytes_total', labels, migration?.totalBytes),
    ...sample('kubevirt_vmi_migration_dirty_memory_rate_bytes', labels, migration?.dirtyRate),
    ...sample('kubevirt_vmi_migration_memory_transfer_rate_bytes', labels, migration?.transferRate),
  ];
}

function hostSamples(of: GuestStatistics, labels: Labels): Sample[] {
  const { cpu, balloon } = of;
  const used = cpu && cpu.userSeconds + cpu.systemSeconds;
  return [
    ...sample('kubevirt_vmi_cpu_usage_seconds_total', labels, used),
    ...sample('kubevirt_vmi_cpu_user_usage_seconds_total', labels, cpu?.userSeconds),
    ...sample('kubevirt_vmi_cpu_system_usage_seconds_total', labels, cpu?.systemSeconds),
    ...of.vcpus.flatMap(({ id, seconds, delaySeconds, waitSeconds }) => [
      ...sample(
        'kubevirt_vmi_vcpu_seconds_total',
        { ...labels, id: String(id), state: 'running' },
        seconds,
      ),
      ...sample(
        'kubevirt_vmi_vcpu_delay_seconds_total',
        { ...labels, id: String(id) },
        delaySeconds,
      ),
      ...sample('kubevirt_vmi_vcpu_wait_seconds_total', { ...labels, id: String(id) }, waitSeconds),
    ]),
    ...sample('kubevirt_vmi_dirty_rate_bytes_per_second', labels, of.dirtyRate),
    ...sample('kubevirt_vmi_node_cpu_affinity', labels, of.affinity),
    ...sample('kubevirt_vmi_memory_resident_bytes', labels, of.residentBytes),
    ...sample('kubevirt_vmi_memory_domain_bytes', labels, of.domainBytes),
    ...sample('kubevirt_vmi_memory_actual_balloon_bytes', labels, balloon?.actualBytes),
    ...sample('kubevirt_vmi_memory_available_bytes', labels, balloon?.availableBytes),
    ...sample('kubevirt_vmi_memory_unused_bytes', labels, balloon?.unusedBytes),
    ...sample('kubevirt_vmi_memory_usable_bytes', labels, balloon?.usableBytes),
    ...sample('kubevirt_vmi_memory_cached_bytes', labels, balloon?.cachedBytes),
    ...sample('kubevirt_vmi_memory_pgmajfault_total', labels, balloon?.majorFaults),
    ...sample('kubevirt_vmi_memory_pgminfault_total', labels, balloon?.minorFaults),
    ...sample('kubevirt_vmi_memory_swap_in_traffic_bytes', labels, balloon?.swapInBytes),
    ...sample('kubevirt_vmi_memory_swap_out_traffic_bytes', labels, balloon?.swapOutBytes),
  ];
}

function diskSamples({ disks }: GuestStatistics, labels: Labels): Sample[] {
  return disks.flatMap((disk) => {
    const of = { ...labels, drive: disk.name };
    return [
      ...sample('kubevirt_vmi_storage_iops_read_total', of, disk.reads),
      ...sample('kubevirt_vmi_storage_iops_write_total', of, disk.writes),
      ...sample('kubevirt_vmi_storage_read_traffic_bytes_total', of, disk.readBytes),
      ...sample('kubevirt_vmi_storage_write_traffic_bytes_total', of, disk.writtenBytes),
      ...sample('kubevirt_vmi_storage_read_times_seconds_total', of, disk.readSeconds),
      ...sample('kubevirt_vmi_storage_write_times_seconds_total', of, disk.writeSeconds),
      ...sample('kubevirt_vmi_storage_flush_requests_total', of, disk.flushes),
      ...sample('kubevirt_vmi_storage_flush_times_seconds_total', of, disk.flushSeconds),
    ];
  });
}

/** What only the guest knows: its file systems, and traffic that nobody counts outside of it. */
async function agentSamples(
  agent: AgentCommands,
  labels: Labels,
  interfaces: ReadonlyMap<string, string>,
): Promise<Sample[]> {
  // A guest whose file systems are frozen answers nothing else.
  if (await agent.frozen()) return [];
  const filesystems = await agent.filesystems();
  const counters = interfaces.size === 0 ? [] : await agent.interfaceCounters();
  const load = await agent.load();
  return [
    ...sample('kubevirt_vmi_guest_load_1m', labels, load?.[0]),
    ...sample('kubevirt_vmi_guest_load_5m', labels, load?.[1]),
    ...sample('kubevirt_vmi_guest_load_15m', labels, load?.[2]),
    ...filesystems.flatMap(({ name, mountPoint, type, totalBytes, usedBytes }) => {
      const of = {
        ...labels,
        disk_name: name,
        mount_point: mountPoint,
        file_system_type: type,
      };
      return totalBytes === 0
        ? []
        : [
            ...sample('kubevirt_vmi_filesystem_capacity_bytes', of, totalBytes),
            ...sample('kubevirt_vmi_filesystem_used_bytes', of, usedBytes),
          ];
    }),
    ...counters.flatMap((counter) => trafficSamples(counter, labels, interfaces.get(counter.mac))),
  ];
}

function trafficSamples(
  { received, transmitted }: Pick<InterfaceCounters, 'received' | 'transmitted'>,
  labels: Labels,
  name: string | undefined,
): Sample[] {
  // Loopback, and what the guest made for itself.
  if (name === undefined) return [];
  const of = { ...labels, interface: name };
  return [
    ...sample('kubevirt_vmi_network_receive_bytes_total', of, received.bytes),
    ...sample('kubevirt_vmi_network_transmit_bytes_total', of, transmitted.bytes),
    ...sample('kubevirt_vmi_network_traffic_bytes_total', { ...of, type: 'rx' }, received.bytes),
    ...sample('kubevirt_vmi_network_traffic_bytes_total', { ...of, type: 'tx' }, transmitted.bytes),
    ...sample('kubevirt_vmi_network_receive_packets_total', of, received.packets),
    ...sample('kubevirt_vmi_network_transmit_packets_total', of, transmitted.packets),
    ...sample('kubevirt_vmi_network_receive_errors_total', of, received.errors),
    ...sample('kubevirt_vmi_network_transmit_errors_total', of, transmitted.errors),
    ...sample('kubevirt_vmi_network_receive_packets_dropped_total', of, received.dropped),
    ...sample('kubevirt_vmi_network_transmit_packets_dropped_total', of, transmitted.dropped),
  ];
}

/** Nothing when the agent refuses, or does not answer in time. */
async function inTime(samples: Promise<Sample[]>): Promise<Sample[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Sample[]>((resolve) => {
    timer = setTimeout(() => resolve([]), agentPatienceMs);
  });
  try {
    return await Promise.race([samples.catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}
