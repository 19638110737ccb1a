import { innerPacket, type Ipv4, protocols } from './ipv4.ts';

/** What the network asks about NetworkPolicies; addresses as guests know them. */
export interface PolicyTable {
  /** Does a policy select the guest with this address? Traffic of others is not looked at. */
  isolates(address: number): boolean;
  /** May `from` begin to speak to `port` of `to`? Of a protocol without ports that is 0. */
  allows(from: number, to: number, protocol: number, port: number): boolean;
}

/** Who speaks to whom, with addresses and ports as both ends have them: behind services, not before. */
interface Parties {
  protocol: number;
  from: number;
  fromPort: number;
  to: number;
  toPort: number;
}

/** Connections that are kept at most; then those go that were silent the longest. */
const mostFlows = 16_384;

/**
 * Which packets NetworkPolicies let pass: those that may begin a connection, and the answers to them, which need
 * no rule of their own (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
export class PolicyFlows {
  readonly #table: PolicyTable;
  /** In the order of their last packet. */
  readonly #open = new Map<string, Parties>();

  constructor(table: PolicyTable) {
    this.#table = table;
  }

  /** May the packet go from one address to the other? `toPort` is the one after the change for a service. */
  admits(from: number, to: number, packet: Ipv4, toPort: number): boolean {
    if (from === to || !(this.#table.isolates(from) || this.#table.isolates(to))) return true;
    // Without the first fragment, which has the ports, the others are worth nothing.
    if (packet.transport === 0) return true;
    const parties = this.#partiesOf(from, to, packet, toPort);
    const error = innerPacket(packet);
    if (error) return this.#isOpen(aboutInner(parties, error.inner));
    if (this.#isOpen(backwards(parties))) return true;
    if (!this.#mayBegin(parties)) return false;
    const key = keyOf(parties);
    this.#open.delete(key);
    this.#open.set(key, parties);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= mostFlows) break;
      this.#open.delete(oldest);
    }
    return true;
  }

  #partiesOf(
    from: number,
    to: number,
    { protocol, bytes, transport, sourcePort }: Ipv4,
    toPort: number,
  ): Parties {
    // An echo and its answer have the same identifier (RFC 792).
    const identifier = protocol === protocols.icmp ? bytes.readUInt16BE(transport + 4) : 0;
    return {
      ...{ protocol, from, to },
      fromPort: identifier || sourcePort,
      toPort: identifier || toPort,
    };
  }

  /** One that was begun, and still may be. */
  #isOpen(parties: Parties): boolean {
    return this.#open.has(keyOf(parties)) && this.#mayBegin(parties);
  }

  #mayBegin({ protocol, from, to, toPort }: Parties): boolean {
    return this.#table.allows(from, to, protocol, protocol === protocols.icmp ? 0 : toPort);
  }
}

const keyOf = ({ protocol, from, fromPort, to, toPort }: Parties) =>
  `${protocol}/${from}:${fromPort}/${to}:${toPort}`;

const backwards = ({ protocol, from, fromPort, to, toPort }: Parties): Parties => ({
  ...{ protocol, from: to, fromPort: toPort, to: from, toPort: fromPort },
});

/** The packet that an error is about: it went from the one who is told of it. */
const aboutInner = ({ from, to }: Parties, inner: Ipv4): Parties => ({
  protocol: inner.protocol,
  from: to,
  fromPort: inner.sourcePort,
  to: from,
  toPort: inner.destinationPort,
});
