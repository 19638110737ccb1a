import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { End, packetOf } from '../../../test/cni/packets.ts';
import { addressOf, addressText, insideAddress } from './addresses.ts';
import { checksumOf, protocols, udpPayload } from './ipv4.ts';
import { PodNetwork, type PodPort } from './PodNetwork.ts';
import type { PolicyTable } from './PolicyFlows.ts';
import type { ServiceTable } from './ServiceFlows.ts';

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

/** `FROM to TO:PORT` of what may not begin; guests with any such rule are isolated. */
let refused: Set<string>;
const policies: PolicyTable = {
  isolates: (address) => [...refused].some((rule) => rule.includes(addressText(address))),
  allows: (from, to, _protocol, port) =>
    !refused.has(`${addressText(from)} to ${addressText(to)}:${port}`),
};

let folder: string;
let network: PodNetwork;
let ends: End[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtdeck-pods-'));
  refused = new Set();
  network = new PodNetwork(services, policies);
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

test('what a policy does not allow is dropped, and answers need no rule of their own', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  refused.add('10.64.0.2 to 10.65.0.3:22');
  // Nothing may come from two by itself.
  refused.add('10.65.0.3 to 10.64.0.2:4000').add('10.65.0.3 to 10.64.0.2:80');
  const tcp = { protocol: protocols.tcp, source: self };
  const send = (from: typeof one, destination: string, ports: [number, number]) =>
    from.nic.send(packetOf({ ...tcp, destination, ports }));
  send(one, '10.65.0.3', [4000, 22]);
  send(two, '10.64.0.2', [9000, 80]);
  send(two, '10.64.0.2', [80, 4000]);
  send(one, '10.65.0.3', [4000, 80]);
  // The first that comes is the first that may.
  expect(await two.nic.next()).toMatchObject({ to: `${self}:80` });
  send(two, '10.64.0.2', [80, 4000]);
  expect(await one.nic.next()).toMatchObject({ from: '10.65.0.3:80', to: `${self}:4000` });
  // Behind a service the rule for its endpoint counts.
  refused.add('10.64.0.2 to 10.65.0.3:80');
  send(one, '10.128.0.9', [4001, 8080]);
  send(one, '10.65.0.3', [4002, 81]);
  expect(await two.nic.next()).toMatchObject({ to: `${self}:81` });
  // An answer to what may not be said any more does not come either.
  send(two, '10.64.0.2', [80, 4000]);
  send(two, '10.64.0.2', [81, 4002]);
  expect(await one.nic.next()).toMatchObject({ from: '10.65.0.3:81' });
});

test('what leaves the cluster is judged too, and what goes to the node is not', async () => {
  const { nic, relay } = await guest('one', '127.64.0.2');
  refused.add('10.64.0.2 to 192.0.2.1:443').add('10.64.0.2 to 10.0.2.3:53');
  const send = (destination: string, port: number) =>
    nic.send(packetOf({ protocol: protocols.tcp, source: self, destination, ports: [4000, port] }));
  // Cut off behind its ports: whoever puts it together could still read it.
  const cut = packetOf({ protocol: protocols.tcp, source: self, destination: '192.0.2.1' });
  nic.send(Buffer.concat([Buffer.from([0, 0, 0, 38]), cut.subarray(4, 42)]));
  send('192.0.2.1', 443);
  send('10.0.2.3', 53);
  expect(await relay.next()).toMatchObject({ to: '10.0.2.3:53' });
  send('192.0.2.1', 80);
  expect(await relay.next()).toMatchObject({ to: '192.0.2.1:80' });
});

test('an answer to a ping comes back, and so does an error about what may be said', async () => {
  const one = await guest('one', '127.64.0.2');
  const two = await guest('two', '127.65.0.3');
  refused.add('10.65.0.3 to 10.64.0.2:0');
  const echo = (type: number, identifier: number) =>
    Buffer.from([type, 0, 0, 0, 0, identifier, 0, 1, 1, 2]);
  const icmp = { protocol: protocols.icmp, source: self };
  two.nic.send(packetOf({ ...icmp, destination: '10.64.0.2', payload: echo(8, 7) }));
  one.nic.send(packetOf({ ...icmp, destination: '10.65.0.3', payload: echo(8, 9) }));
  expect((await two.nic.next()).bytes.readUInt8(43)).toBe(9);
  two.nic.send(packetOf({ ...icmp, destination: '10.64.0.2', payload: echo(0, 9) }));
  expect((await one.nic.next()).bytes.readUInt8(43)).toBe(9);
  one.nic.send(
    packetOf({ protocol: protocols.udp, source: self, destination: '10.65.0.3', ports: [4000, 9] }),
  );
  const { bytes } = await two.nic.next();
  const about = (packet: Buffer) =>
    Buffer.concat([Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]), packet.subarray(18, 46)]);
  const unasked = packetOf({
    ...{ protocol: protocols.udp, source: '10.64.0.2', destination: self, ports: [1, 2] },
  });
  two.nic.send(packetOf({ ...icmp, destination: '10.64.0.2', payload: about(unasked) }));
  two.nic.send(packetOf({ ...icmp, destination: '10.64.0.2', payload: about(bytes) }));
  const told = (await one.nic.next()).bytes;
  expect(told.readUInt16BE(66)).toBe(4000);
});
