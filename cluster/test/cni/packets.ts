import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { expect } from 'vitest';

import { addressOf, addressText } from '../../src/cni/pod-network/addresses.ts';
import { checksumOf, protocols, readIpv4 } from '../../src/cni/pod-network/ipv4.ts';

/** One end of a guest's QEMU: it listens for the router, and keeps what comes. */
export class End {
  readonly received: Buffer[] = [];
  readonly #server: Server = createServer();
  #socket: Socket | undefined;
  #wake: () => void = () => undefined;

  async listen(path: string): Promise<void> {
    this.#server.on('connection', (socket) => {
      this.#socket = socket;
      let rest = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
          const end = 4 + rest.readUInt32BE(0);
          this.received.push(rest.subarray(0, end));
          rest = rest.subarray(end);
        }
        this.#wake();
      });
    });
    this.#server.listen(path);
    await once(this.#server, 'listening');
  }

  send(packet: Buffer): void {
    this.#socket?.write(packet);
  }

  /** The next packet, read, with its checksums checked. */
  async next() {
    while (this.received.length === 0) await new Promise<void>((done) => (this.#wake = done));
    const bytes = this.received.shift() ?? Buffer.alloc(0);
    const packet = readIpv4(bytes);
    if (!packet) throw new Error('no IPv4 packet came');
    expect(checksumsOf(bytes)).toEqual([0, 0]);
    return {
      ...packet,
      from: `${addressText(packet.source)}:${packet.sourcePort}`,
      to: `${addressText(packet.destination)}:${packet.destinationPort}`,
      toMac: bytes.subarray(4, 10).toString('hex'),
    };
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

/** Of the IPv4 header, and of what it carries; each 0 when it is right. */
function checksumsOf(bytes: Buffer): [number, number] {
  const { protocol } = readIpv4(bytes) ?? {};
  const body = bytes.subarray(38);
  const pseudo = Buffer.alloc(12);
  bytes.copy(pseudo, 0, 30, 38);
  pseudo.writeUInt8(protocol ?? 0, 9);
  pseudo.writeUInt16BE(body.length, 10);
  const isOmitted = protocol === protocols.udp && body.readUInt16BE(6) === 0;
  const covered = protocol === protocols.icmp ? body : Buffer.concat([pseudo, body]);
  return [checksumOf(bytes.subarray(18, 38)), isOmitted ? 0 : checksumOf(covered)];
}

interface Fields {
  protocol: number;
  source: string;
  destination: string;
  ports?: [number, number];
  payload?: Buffer;
}

/** A whole packet with right checksums: a TCP one opens a connection, an ICMP one is `payload`. */
export function packetOf({
  protocol,
  source,
  destination,
  ports = [0, 0],
  payload,
}: Fields): Buffer {
  const body =
    protocol === protocols.icmp
      ? Buffer.from(payload ?? Buffer.from([8, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3]))
      : Buffer.concat([
          Buffer.alloc(protocol === protocols.tcp ? 20 : 8),
          payload ?? Buffer.alloc(0),
        ]);
  const bytes = Buffer.concat([Buffer.alloc(38), body]);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.write('52550a000202020000000001', 4, 'hex');
  bytes.writeUInt16BE(0x0800, 16);
  bytes.writeUInt8(0x45, 18);
  bytes.writeUInt16BE(20 + body.length, 20);
  bytes.writeUInt8(64, 26);
  bytes.writeUInt8(protocol, 27);
  bytes.writeUInt32BE(addressOf(source), 30);
  bytes.writeUInt32BE(addressOf(destination), 34);
  bytes.writeUInt16BE(checksumOf(bytes.subarray(18, 38)), 28);
  if (protocol === protocols.icmp) {
    bytes.writeUInt16BE(checksumOf(bytes.subarray(38)), 40);
    return bytes;
  }
  bytes.writeUInt16BE(ports[0], 38);
  bytes.writeUInt16BE(ports[1], 40);
  if (protocol === protocols.tcp) bytes.writeUInt16BE(0x5002, 50);
  else bytes.writeUInt16BE(body.length, 42);
  const [, checksum] = checksumsOf(bytes);
  bytes.writeUInt16BE(checksum, protocol === protocols.tcp ? 54 : 44);
  return bytes;
}
