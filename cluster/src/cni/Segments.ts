import type { Socket } from 'node:net';

import { connectInDirectory } from '../kubevirt/virt-launcher/connectInDirectory.ts';
import { noCounters, type PortCounters } from './portCounters.ts';
import { Segment } from './Segment.ts';

/** A guest's interface that is to be on a segment. */
export interface SegmentPort {
  /** Folder of the guest, and the socket in it on which QEMU awaits the segment. */
  directory: string;
  socket: string;
  /** Those with the same name are on the same segment. */
  segment: string;
  /** The guest may send from this hardware address alone. */
  onlyFrom?: string;
}

interface Connection {
  segment: string;
  counters: PortCounters;
  /** Undefined while it is being connected. */
  socket: Socket | undefined;
}

/**
 * The layer-2 segments of this cluster, joined by sockets in the guests' own folders: nobody but the user who
 * runs the cluster reaches them, and no other cluster. QEMU is the one that listens, so that a new run of
 * this program finds the guests of the last one and joins them again.
 */
export class Segments {
  readonly #segments = new Map<string, Segment>();
  readonly #connections = new Map<string, Connection>();
  #closed = false;

  /** Connects the interface unless it is; rejects when QEMU does not listen. */
  async connect(port: SegmentPort): Promise<void> {
    const id = `${port.directory}/${port.socket}`;
    const before = this.#connections.get(id);
    if (before?.segment === port.segment || this.#closed) return;
    before?.socket?.destroy();
    const counters = before?.counters ?? noCounters();
    const connection: Connection = { segment: port.segment, counters, socket: undefined };
    this.#connections.set(id, connection);
    const forget = () => {
      if (this.#connections.get(id) === connection) this.#connections.delete(id);
    };
    try {
      const socket = await connectInDirectory(port.directory, port.socket);
      // Why it ends does not matter: its guest has ended or has given the interface away.
      socket.on('error', () => undefined);
      if (!this.#isCurrent(id, connection)) {
        socket.destroy();
        return;
      }
      connection.socket = socket;
      this.#join(socket, port, counters);
      socket.once('close', forget);
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Whether neither the guest's interface nor the switch has gone elsewhere meanwhile. */
  #isCurrent(id: string, connection: Connection): boolean {
    return !this.#closed && this.#connections.get(id) === connection;
  }

  #join(socket: Socket, { segment: name, onlyFrom }: SegmentPort, counters: PortCounters): void {
    const segment = this.#segments.get(name) ?? new Segment();
    this.#segments.set(name, segment);
    segment.join(socket, counters, onlyFrom);
    socket.once('close', () => {
      if (segment.isEmpty && this.#segments.get(name) === segment) this.#segments.delete(name);
    });
  }

  /** What went over an interface; undefined when it is on no segment. */
  counters(directory: string, socket: string): PortCounters | undefined {
    return this.#connections.get(`${directory}/${socket}`)?.counters;
  }

  close(): void {
    this.#closed = true;
    for (const { socket } of this.#connections.values()) socket?.destroy();
    this.#connections.clear();
  }
}
