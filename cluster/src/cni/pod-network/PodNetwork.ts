import type { Socket } from 'node:net';

import { connectInDirectory } from '../../kubevirt/virt-launcher/connectInDirectory.ts';
import { headerBytes } from '../frames.ts';
import { deliverPacket, readPackets, sendPacket } from '../packetSockets.ts';
import { noCounters, type PortCounters } from '../portCounters.ts';
import { gatewayMac, isInside, isOfNode, userNetworkAddresses } from './addresses.ts';
import { answerDns } from './clusterDns.ts';
import {
  innerPacket,
  type Ipv4,
  isIpv4,
  portUnreachable,
  protocols,
  readIpv4,
  type Rewrite,
  rewrite,
  rewriteInner,
  setMacs,
  udpAnswer,
  udpPayload,
} from './ipv4.ts';
import { PolicyFlows, type PolicyTable } from './PolicyFlows.ts';
import { ServiceFlows, type ServiceTable } from './ServiceFlows.ts';

/** A guest's interface that is to be on the pod network. */
export interface PodPort {
  /** Folder of the guest, and the sockets in it on which QEMU awaits its interface and its way out. */
  directory: string;
  interfaceSocket: string;
  relaySocket: string;
  mac: string;
  /** By which other guests know it, as `insideAddress` gives it. */
  address: number;
  /** Ports that other guests may open connections to (TCP); absent: all. */
  onlyPorts?: readonly number[];
}

interface Station {
  port: PodPort;
  mac: Buffer;
  /** Undefined while it is being connected. */
  guest: Socket | undefined;
  /** QEMU's user-mode networking, by which the guest reaches what is not a part of this cluster. */
  relay: Socket | undefined;
  counters: PortCounters;
}

const { guest: guestAddress, dns: dnsAddress } = userNetworkAddresses;
const dnsPort = 53;

/**
 * The pod network between guests: a router that stands before each guest's user-mode networking. What goes to
 * another guest or to a service goes there, with the addresses changed as masquerade changes them: every guest
 * is 10.0.2.15 to itself. All else goes the way out, as if nobody were in between. What NetworkPolicies do not
 * let pass is dropped; with the node, this machine, a guest may always speak.
 */
export class PodNetwork {
  readonly #services: ServiceTable;
  readonly #flows: ServiceFlows;
  readonly #policies: PolicyTable;
  readonly #admitted: PolicyFlows;
  readonly #stations = new Map<string, Station>();
  readonly #byAddress = new Map<number, Station>();
  #closed = false;

  constructor(services: ServiceTable, policies: PolicyTable) {
    this.#services = services;
    this.#flows = new ServiceFlows(services);
    this.#policies = policies;
    this.#admitted = new PolicyFlows(policies);
  }

  /** Connects the interface unless it is; rejects when QEMU does not listen. */
  async connect(port: PodPort): Promise<void> {
    const { directory } = port;
    if (this.#stations.has(directory) || this.#closed) return;
    const mac = Buffer.from(port.mac.replaceAll(':', ''), 'hex');
    const counters = noCounters();
    const station: Station = { port, mac, counters, guest: undefined, relay: undefined };
    this.#stations.set(directory, station);
    try {
      const guest = await this.#open(station, port.interfaceSocket);
      const relay = await this.#open(station, port.relaySocket);
      if (!this.#isCurrent(station)) {
        this.#leave(station, [guest, relay]);
        return;
      }
      station.guest = guest;
      station.relay = relay;
      this.#byAddress.set(port.address, station);
      readPackets(guest, counters.transmitted, (packet) => this.#fromGuest(station, packet));
      readPackets(relay, undefined, (packet) => this.#fromRelay(station, packet));
    } catch (error) {
      this.#leave(station, []);
      throw error;
    }
  }

  async #open(station: Station, name: string): Promise<Socket> {
    const socket = await connectInDirectory(station.port.directory, name);
    // Why it ends does not matter: its guest has ended.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#leave(station, [socket]));
    return socket;
  }

  #isCurrent(station: Station): boolean {
    return !this.#closed && this.#stations.get(station.port.directory) === station;
  }

  #leave(station: Station, sockets: Socket[]): void {
    const { port, guest, relay } = station;
    for (const socket of [...sockets, guest, relay]) socket?.destroy();
    if (this.#stations.get(port.directory) === station) this.#stations.delete(port.directory);
    if (this.#byAddress.get(port.address) === station) this.#byAddress.delete(port.address);
  }

  /** What went over the interface of the guest in the folder; undefined when it is not connected. */
  counters(directory: string): PortCounters | undefined {
    return this.#stations.get(directory)?.counters;
  }

  close(): void {
    this.#closed = true;
    for (const station of [...this.#stations.values()]) this.#leave(station, []);
  }

  #fromGuest(station: Station, bytes: Buffer): void {
    const { transmitted } = station.counters;
    transmitted.packets++;
    transmitted.bytes += bytes.length - headerBytes;
    const packet = readIpv4(bytes);
    if (packet) {
      if (!this.#forward(station, packet)) this.#toOutside(station, packet, {});
    } else if (!isIpv4(bytes) || !this.#policies.isolates(station.port.address)) {
      // What is too broken to be judged may still be understood by who gets it.
      sendPacket(station.relay, bytes);
    }
  }

  #toOutside(from: Station, packet: Ipv4, way: Rewrite): void {
    const destination = way.destination ?? packet.destination;
    const port = way.destinationPort ?? packet.destinationPort;
    if (!isOfNode(destination)) {
      if (!this.#admitted.admits(from.port.address, destination, packet, port)) return;
    }
    rewrite(packet, way);
    sendPacket(from.relay, packet.bytes);
  }

  /** Delivers what is for a guest, a service or the cluster's domain; false for all else. */
  #forward(station: Station, packet: Ipv4): boolean {
    if (isInside(packet.destination)) {
      const target = this.#byAddress.get(packet.destination);
      if (target) this.#toGuest(station, target, packet, {});
      return target !== undefined || this.#toService(station, packet);
    }
    if (packet.destination !== dnsAddress) return false;
    if (packet.protocol !== protocols.udp || packet.destinationPort !== dnsPort) return false;
    const answer = answerDns(udpPayload(packet), (name) => this.#services.resolve(name));
    if (answer) this.#deliver(station, udpAnswer(packet, answer));
    return answer !== undefined;
  }

  #toService(station: Station, packet: Ipv4): boolean {
    const way = this.#flows.toEndpoint(station.port.address, packet);
    if (way === undefined) return false;
    if (way === 'rejected') {
      this.#deliver(station, portUnreachable(packet));
      return true;
    }
    const target = this.#byAddress.get(way.destination ?? 0);
    if (target) this.#toGuest(station, target, packet, way);
    else this.#toOutside(station, packet, way);
    return true;
  }

  /** `way` is what is changed for a service; the rest is masquerade's. */
  #toGuest(from: Station, target: Station, packet: Ipv4, way: Rewrite): void {
    const port = way.destinationPort ?? packet.destinationPort;
    if (!this.#admitted.admits(from.port.address, target.port.address, packet, port)) return;
    if (isRefused(target.port, packet, port)) {
      this.#deliver(from, portUnreachable(packet));
      return;
    }
    const error = innerPacket(packet);
    // The packet that it is about came from the target, which knows it by its own address.
    if (error) {
      rewriteInner(error, { source: guestAddress, destination: from.port.address });
    }
    const source = from.port.address;
    const answer = this.#flows.fromService(target.port.address, source, packet);
    rewrite(packet, { ...way, source, destination: guestAddress, ...answer });
    setMacs(packet.bytes, target.mac, gatewayMac);
    this.#deliver(target, packet.bytes);
  }

  #fromRelay(station: Station, bytes: Buffer): void {
    // The endpoints of some services are no guests.
    const packet = this.#flows.isEmpty ? undefined : readIpv4(bytes);
    const answer = packet && this.#flows.fromService(station.port.address, packet.source, packet);
    if (packet && answer) rewrite(packet, answer);
    this.#deliver(station, bytes);
  }

  #deliver({ guest, counters: { received } }: Station, bytes: Buffer): void {
    deliverPacket(guest, received, bytes);
  }
}

/** An interface that lists ports takes connections on those alone. */
function isRefused({ onlyPorts }: PodPort, packet: Ipv4, port: number): boolean {
  const { protocol, transport, bytes } = packet;
  if (!onlyPorts || protocol !== protocols.tcp || transport === 0) return false;
  const opens = ((bytes[transport + 13] ?? 0) & 0x12) === 0x02;
  return opens && !onlyPorts.includes(port);
}
