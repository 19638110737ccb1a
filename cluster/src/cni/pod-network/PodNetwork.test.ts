import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { addressOf, addressText, insideAddress } from './addresses.ts';
import { checksumOf, protocols, readIpv4, udpPayload } from './ipv4.ts';
import { PodNetwork, type PodPort } from './PodNetwork.ts';
import type { ServiceTable } from './ServiceFlows.ts';

/** One end of a guest's QEMU: it listens for the router, and keeps what comes. */
class End {
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
function packetOf({ protocol, source, destination, ports = [0, 0], payload }: Fields): Buffer {
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

const inside = (address: string) => insideAddress(address) ?? 0;
const macs = { one: '02:00:00:00:00:01', two: '02:00:00:00:00:02' };

/** `web` is guest two's port 80 and `none` has no endpoints; both answer on 8080. */
const services: ServiceTable = {
  find(address, protocol, port) {
    const has = address === addressOf('10.128.0.9');
    if (!has && address !== addressOf('10.128.0.10')) return undefined;
    const serves = has && protocol === protocols.tcp && port === 8080;
    const endpoint = { address: inside('127.65.0.3'), port: 80 };
    return { endpoints: serves ? [endpoint] : [], sticky: false };
  },
  resolve: (name) =>
    name === 'web.default.svc.cluster.local' ? [addressOf('10.128.0.9')] : undefined,
};

let folder: string;
let network: PodNetwork;
let ends: End[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtdeck-pods-'));
  network = new PodNetwork(services);
  ends = [];
});
afterEach(async () => {
  network.close();
  for (const end of ends) end.close();
  await rm(folder, { recursive: true });
});

async function guest(name: keyof typeof macs, address: string, more: Partial<PodPort> = {}) {
  const directory = join(folder, name);
  await mkdir(directory);
  const [nic, relay] = [new End(), new End()];
  ends.push(nic, relay);
  await nic.listen(join(directory, 'pod.sock'));
  await relay.listen(join(directory, 'relay.sock'));
  await network.connect({
    directory,
    interfaceSocket: 'pod.sock',
    relaySocket: 'relay.sock',
    mac: macs[name],
    address: inside(address),
    ...more,
  });
  return { nic, relay, directory };
}

const self = '10.0.2.15';

test('a packet to another guest comes from the address of its pod, and so does the answer', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  for (const protocol of Object.values(protocols)) {
    const ports: [number, number] = protocol === protocols.icmp ? [0, 0] : [4000, 80];
    one.nic.send(packetOf({ protocol, source: self, destination: '10.65.0.3', ports }));
    expect(await two.nic.next()).toMatchObject({
      from: `10.64.0.2:${ports[0]}`,
      to: `${self}:${ports[1]}`,
      toMac: '020000000002',
    });
    two.nic.send(
      packetOf({ protocol, source: self, destination: '10.64.0.2', ports: [ports[1], ports[0]] }),
    );
    expect(await one.nic.next()).toMatchObject({ from: `10.65.0.3:${ports[1]}` });
  }
  expect(network.counters(one.directory)).toMatchObject({
    received: { packets: 3 },
    transmitted: { packets: 3 },
  });
});

test('what is for nobody here goes the way out as it is, and what comes from there comes in', async () => {
  const { nic, relay } = await guest('one', '127.64.0.2');
  const destinations = ['192.0.2.1', '10.64.9.9', '10.128.0.77', '10.9.9.9', '10.0.2.2'];
  for (const destination of destinations) {
    const packet = packetOf({ protocol: protocols.tcp, source: self, destination, ports: [1, 2] });
    nic.send(packet);
    await relay.next();
    relay.send(packet);
    expect((await nic.next()).bytes.equals(packet)).toBe(true);
  }
});

test('a service is answered by its endpoint and from its own address', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  const tcp = { protocol: protocols.tcp, source: self };
  one.nic.send(packetOf({ ...tcp, destination: '10.128.0.9', ports: [4000, 8080] }));
  expect(await two.nic.next()).toMatchObject({ from: '10.64.0.2:4000', to: `${self}:80` });
  two.nic.send(packetOf({ ...tcp, destination: '10.64.0.2', ports: [80, 4000] }));
  expect(await one.nic.next()).toMatchObject({ from: '10.128.0.9:8080', to: `${self}:4000` });
  // Not what the guest asks by its own address.
  one.nic.send(packetOf({ ...tcp, destination: '10.65.0.3', ports: [4001, 80] }));
  await two.nic.next();
  two.nic.send(packetOf({ ...tcp, destination: '10.64.0.2', ports: [80, 4001] }));
  expect(await one.nic.next()).toMatchObject({ from: '10.65.0.3:80' });
});

test('what nobody answers is refused at once', async () => {
  const one = await guest('one', '127.64.0.2');
  await guest('two', '127.65.0.3', { onlyPorts: [80] });
  const asked: [string, number][] = [
    ['10.128.0.10', 8080],
    ['10.128.0.9', 81],
    ['10.65.0.3', 22],
  ];
  for (const [destination, port] of asked) {
    const syn = packetOf({
      protocol: protocols.tcp,
      source: self,
      destination,
      ports: [4000, port],
    });
    one.nic.send(syn);
    const answer = await one.nic.next();
    expect(answer).toMatchObject({ protocol: protocols.icmp, source: addressOf(destination) });
    expect([...answer.bytes.subarray(38, 40)]).toEqual([3, 3]);
    // It quotes what it is about.
    expect(answer.bytes.subarray(46, 74).equals(syn.subarray(18, 46))).toBe(true);
  }
});

test('an error of a guest tells the other one of its own packet', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  one.nic.send(
    packetOf({ protocol: protocols.udp, source: self, destination: '10.65.0.3', ports: [4000, 9] }),
  );
  const { bytes } = await two.nic.next();
  const payload = Buffer.concat([Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]), bytes.subarray(18, 46)]);
  two.nic.send(
    packetOf({ protocol: protocols.icmp, source: self, destination: '10.64.0.2', payload }),
  );
  const told = (await one.nic.next()).bytes.subarray(46);
  expect(addressText(told.readUInt32BE(12))).toBe(self);
  expect(addressText(told.readUInt32BE(16))).toBe('10.65.0.3');
  expect(checksumOf(told.subarray(0, 20))).toBe(0);
});

/** A question for the address of a name. */
const question = (name: string, type = 1) =>
  Buffer.concat([
    Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0, 0, type, 0, 1]),
  ]);

test('names of the domain of the cluster are answered here, all others outside', async () => {
  const { nic, relay } = await guest('one', '127.64.0.2');
  const ask = (name: string, type?: number) =>
    nic.send(
      packetOf({
        protocol: protocols.udp,
        source: self,
        destination: '10.0.2.3',
        ports: [4000, 53],
        payload: question(name, type),
      }),
    );
  ask('Web.default.svc.cluster.local');
  const found = await nic.next();
  expect(found).toMatchObject({ from: '10.0.2.3:53', to: `${self}:4000` });
  const answer = udpPayload(found);
  expect([answer.readUInt16BE(0), answer.readUInt16BE(6)]).toEqual([7, 1]);
  expect(addressText(answer.readUInt32BE(answer.length - 4))).toBe('10.128.0.9');
  // Addresses of IPv6 it has none of; another name there is not.
  const codes: [string, number, number][] = [
    ['web.default.svc.cluster.local', 28, 0],
    ['none.default.svc.cluster.local', 1, 3],
  ];
  for (const [name, type, code] of codes) {
    ask(name, type);
    const reply = udpPayload(await nic.next());
    expect([reply.readUInt16BE(2) & 0x0f, reply.readUInt16BE(6)]).toEqual([code, 0]);
  }
  ask('deb.debian.org');
  expect(await relay.next()).toMatchObject({ to: '10.0.2.3:53' });
});

test('a guest that has gone is known no more', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  two.nic.close();
  await expect.poll(() => network.counters(two.directory)).toBeUndefined();
  const to = { source: self, destination: '10.65.0.3' };
  one.nic.send(packetOf({ protocol: protocols.icmp, ...to }));
  expect(await one.relay.next()).toMatchObject({ to: '10.65.0.3:0' });
});
