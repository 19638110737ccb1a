import type { Socket } from 'node:net';

import {
  addressNumber,
  destinationOf,
  headerBytes,
  isGroup,
  smallestFrame,
  sourceOf,
} from './frames.ts';
import { deliverPacket, readPackets } from './packetSockets.ts';
import type { PortCounters } from './portCounters.ts';

/** Stations that are known at most; those of others are flooded. */
const mostStations = 8192;

/** An interface on a segment, by the socket of its QEMU. */
interface Port {
  socket: Socket;
  counters: PortCounters;
  /** Frames from another address are dropped. */
  onlyFrom: number | undefined;
}

/**
 * One layer-2 segment: a learning switch between the interfaces of guests. Frames keep their VLAN tags. No
 * spanning tree: a guest that bridges two of its interfaces on the same segment makes a loop.
 */
export class Segment {
  readonly #ports = new Set<Port>();
  /** Behind which port a hardware address was seen last. */
  readonly #stations = new Map<number, Port>();

  get isEmpty(): boolean {
    return this.#ports.size === 0;
  }

  /**
   * Joins the interface at the other end of `socket` until that closes. `counters` go on from what they
   * are; with `onlyFrom` the guest may use this hardware address alone.
   */
  join(socket: Socket, counters: PortCounters, onlyFrom?: string): void {
    const source = onlyFrom === undefined ? undefined : addressNumber(onlyFrom);
    const port: Port = { socket, counters, onlyFrom: source };
    this.#ports.add(port);
    readPackets(socket, counters.transmitted, (packet) => this.#forward(port, packet));
    socket.once('close', () => this.#leave(port));
  }

  #leave(port: Port): void {
    this.#ports.delete(port);
    for (const [address, at] of this.#stations) if (at === port) this.#stations.delete(address);
  }

  #forward(from: Port, packet: Buffer): void {
    const { transmitted } = from.counters;
    if (packet.length < headerBytes + smallestFrame) {
      transmitted.errors++;
      return;
    }
    const source = sourceOf(packet);
    if (from.onlyFrom !== undefined && source !== from.onlyFrom) {
      transmitted.dropped++;
      return;
    }
    transmitted.packets++;
    transmitted.bytes += packet.length - headerBytes;
    this.#learn(source, from);
    const known = isGroup(packet) ? undefined : this.#stations.get(destinationOf(packet));
    if (known) {
      if (known !== from) deliver(known, packet);
      return;
    }
    for (const port of this.#ports) if (port !== from) deliver(port, packet);
  }

  /** A guest that has moved says so itself (QEMU announces it), and is then found behind its new port. */
  #learn(address: number, port: Port): void {
    if (this.#stations.get(address) === port) return;
    if (this.#stations.size < mostStations || this.#stations.has(address))
      this.#stations.set(address, port);
  }
}

function deliver({ socket, counters: { received } }: Port, packet: Buffer): void {
  deliverPacket(socket, received, packet);
}
