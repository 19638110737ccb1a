import { parseBridgeConfig, segmentName } from '../../cni/bridgeConfig.ts';
import { insideAddress } from '../../cni/pod-network/addresses.ts';
import type { PortCounters } from '../../cni/portCounters.ts';
import type { GuestNetworks } from '../../cni/GuestNetworks.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Pod } from '../../client/resources.ts';
import { networkKey, type NetworkAttachmentDefinition } from '../../multus/resources.ts';
import { connectedTo } from '../podNetworks.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { DomainInterface, Guest, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import { podSockets, segmentSocket } from '../virt-launcher/interfaceDevices.ts';
import { domainInterface } from '../virt-launcher/toDomainSpec.ts';
import { messageOf } from '../../client/messageOf.ts';
import { interfaceStatuses } from './interfaceStatus.ts';
import type { VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  runtime: GuestRuntime;
  networkAttachments: Informer<NetworkAttachmentDefinition>;
  networks: GuestNetworks;
  recorder: EventRecorder;
  writer: VmiWriter;
}

type SegmentOf = NonNullable<DomainInterface['segment']>;

/**
 * Brings the interfaces of a guest that runs to what its VMI asks for: those that come, go or lose their
 * cable. KubeVirt leaves this to the hot plug of its launcher (pkg/virt-launcher/virtwrap, d923fdb).
 */
export class InterfaceSync {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /**
   * The segment of each of the VMI's interfaces that is on one. Rejects with a sentence when a network is not
   * there: Multus saw it, so it went meanwhile.
   */
  segmentsOf(vmi: VirtualMachineInstance): Map<string, SegmentOf> {
    const { namespace } = vmi.metadata;
    const interfaces = vmi.spec.domain.devices.interfaces ?? [];
    return new Map(
      (vmi.spec.networks ?? []).flatMap(({ name, multus }) => {
        const nic = interfaces.find((one) => one.name === name);
        if (!multus || !nic || nic.state === 'absent') return [];
        return [[name, this.#segmentOf(multus.networkName, namespace)] as const];
      }),
    );
  }

  #segmentOf(networkName: string, namespace: string | undefined): SegmentOf {
    const key = networkKey(networkName, namespace);
    const found = this.#is.networkAttachments.get(key);
    if (!found) throw new Error(`network ${key.namespace}/${key.name} is not there any more`);
    const network = parseBridgeConfig(found.spec?.config ?? '');
    return { name: segmentName(network), onlyOwnAddress: network.macspoofchk };
  }

  /** Joins the guest in `folder` to its networks, where it is not yet. */
  async join(guest: Guest, folder: string): Promise<void> {
    if (this.#is.runtime.name === 'simulated' || guest.state === 'ended') return;
    for (const nic of guest.spec.interfaces) {
      const { name, mac, segment } = nic;
      if (nic.routed) await this.#joinPodNetwork(nic, nic.routed, folder);
      if (!segment) continue;
      await this.#is.networks.segments.connect({
        directory: folder,
        socket: segmentSocket(name),
        segment: segment.name,
        ...(segment.onlyOwnAddress && { onlyFrom: mac }),
      });
    }
  }

  async #joinPodNetwork(
    { mac, address: ownAddress }: DomainInterface,
    { onlyPorts }: NonNullable<DomainInterface['routed']>,
    directory: string,
  ): Promise<void> {
    const address = insideAddress(ownAddress);
    if (address === undefined) return;
    await this.#is.networks.podNetwork.connect({
      directory,
      interfaceSocket: podSockets.interface,
      relaySocket: podSockets.relay,
      mac,
      address,
      ...(onlyPorts && { onlyPorts }),
    });
  }

  /** What went over an interface of the guest in `folder`, as the guest sees it. */
  counters(folder: string, { name, routed }: DomainInterface): PortCounters | undefined {
    if (routed) return this.#is.networks.podNetwork.counters(folder);
    return this.#is.networks.segments.counters(folder, segmentSocket(name));
  }

  async reconcile(
    vmi: VirtualMachineInstance,
    guest: Guest,
    { pod, folder }: { pod: Pod | undefined; folder: string },
  ): Promise<void> {
    try {
      await this.#unplug(vmi, guest);
      await this.#plug(vmi, guest, pod);
      await this.join(guest, folder);
      await this.#links(vmi, guest);
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(vmi, 'NicHotplug', message);
      this.#is.recorder.warning(vmi, 'SyncFailed', message);
      throw error;
    } finally {
      await this.#is.writer.settle(vmi, (newest) => {
        const { status } = newest;
        if (status?.phase !== 'Running') return undefined;
        const sources = { domain: guest.spec.interfaces, pod };
        return { ...status, interfaces: interfaceStatuses(newest, sources) };
      });
    }
  }

  async #unplug(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const wanted = vmi.spec.domain.devices.interfaces ?? [];
    const going = guest.spec.interfaces.filter(
      ({ name, segment }) =>
        segment && !wanted.some((nic) => nic.name === name && nic.state !== 'absent'),
    );
    for (const { name } of going) await guest.hotplug.detachInterface(name);
  }

  async #plug(vmi: VirtualMachineInstance, guest: Guest, pod: Pod | undefined): Promise<void> {
    const has = new Set(guest.spec.interfaces.map(({ name }) => name));
    const coming = (vmi.spec.domain.devices.interfaces ?? []).filter(
      ({ name, state }) => state !== 'absent' && !has.has(name) && connectedTo(pod, name),
    );
    if (coming.length === 0) return;
    const segments = this.segmentsOf(vmi);
    const address = pod?.status?.podIP ?? '';
    for (const nic of coming) {
      await guest.hotplug.attachInterface(domainInterface(nic, { vmi, address, segments }));
    }
  }

  async #links(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    for (const { name, state } of vmi.spec.domain.devices.interfaces ?? []) {
      const nic = guest.spec.interfaces.find((one) => one.name === name);
      const up = state !== 'down';
      if (nic && state !== 'absent' && (nic.linkUp ?? true) !== up)
        await guest.hotplug.setLink(name, up);
    }
  }
}
