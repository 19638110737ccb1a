import { headerBytes } from '../frames.ts';

/** Offsets in a packet: the length that QEMU writes, the Ethernet header, the IPv4 header (RFC 791). */
const ethernet = headerBytes;
const ip = ethernet + 14;
const smallestIp = 20;

export const protocols = { icmp: 1, tcp: 6, udp: 17 } as const;

/** An IPv4 packet in its frame. What it is changed to is written into `bytes`, checksums too. */
export interface Ipv4 {
  bytes: Buffer;
  protocol: number;
  source: number;
  destination: number;
  /** Of TCP and UDP; 0 in another protocol, and in a fragment that is not the first. */
  sourcePort: number;
  destinationPort: number;
  /** Where TCP, UDP or ICMP begins; 0 in a fragment that is not the first. */
  transport: number;
}

/** Is it for who understands IPv4, whole or not? */
export const isIpv4 = (bytes: Buffer) =>
  bytes.length >= ip && bytes.readUInt16BE(ethernet + 12) === 0x0800;

/** Reads a packet of a guest; undefined when it is no whole IPv4 packet. */
export function readIpv4(bytes: Buffer): Ipv4 | undefined {
  if (bytes.length < ip + smallestIp || !isIpv4(bytes)) return undefined;
  return readIpv4At(bytes, ip);
}

function readIpv4At(bytes: Buffer, at: number): Ipv4 | undefined {
  const first = bytes.readUInt8(at);
  const header = (first & 0x0f) * 4;
  if (first >>> 4 !== 4 || header < smallestIp || bytes.length < at + header) return undefined;
  const protocol = bytes.readUInt8(at + 9);
  const isFirst = (bytes.readUInt16BE(at + 6) & 0x1fff) === 0;
  const hasPorts = protocol === protocols.tcp || protocol === protocols.udp;
  const transport = at + header;
  // Of a packet inside an ICMP message there may be no more than eight bytes (RFC 792).
  if (isFirst && bytes.length < transport + 8) return undefined;
  return {
    bytes,
    protocol,
    source: bytes.readUInt32BE(at + 12),
    destination: bytes.readUInt32BE(at + 16),
    sourcePort: isFirst && hasPorts ? bytes.readUInt16BE(transport) : 0,
    destinationPort: isFirst && hasPorts ? bytes.readUInt16BE(transport + 2) : 0,
    transport: isFirst ? transport : 0,
  };
}

export interface Rewrite {
  source?: number;
  destination?: number;
  sourcePort?: number;
  destinationPort?: number;
}

/** Writes other addresses and ports into a packet. */
export function rewrite(packet: Ipv4, to: Rewrite): void {
  rewriteAt(packet, ip, to, true);
}

function rewriteAt(packet: Ipv4, at: number, to: Rewrite, whole: boolean): void {
  const { bytes, transport } = packet;
  const checksum = whole ? transportChecksum(packet) : undefined;
  const change32 = (offset: number, value: number | undefined): void => {
    if (value === undefined) return;
    for (const [place, half] of [
      [offset, value >>> 16],
      [offset + 2, value & 0xffff],
    ] as const) {
      const before = bytes.readUInt16BE(place);
      bytes.writeUInt16BE(half, place);
      adjust(bytes, at + 10, before, half);
      if (checksum !== undefined) adjust(bytes, checksum, before, half);
    }
  };
  const changePort = (offset: number, value: number | undefined): void => {
    if (value === undefined || transport === 0) return;
    const before = bytes.readUInt16BE(offset);
    bytes.writeUInt16BE(value, offset);
    if (checksum !== undefined) adjust(bytes, checksum, before, value);
  };
  change32(at + 12, to.source);
  change32(at + 16, to.destination);
  changePort(transport, to.sourcePort);
  changePort(transport + 2, to.destinationPort);
  // Zero stands for no checksum at all.
  if (
    packet.protocol === protocols.udp &&
    checksum !== undefined &&
    bytes.readUInt16BE(checksum) === 0
  )
    bytes.writeUInt16BE(0xffff, checksum);
}

/** Where the checksum is that covers addresses and ports; undefined where there is none. */
function transportChecksum({ bytes, protocol, transport }: Ipv4): number | undefined {
  if (transport === 0) return undefined;
  if (protocol === protocols.tcp && bytes.length >= transport + 18) return transport + 16;
  if (protocol !== protocols.udp) return undefined;
  return bytes.readUInt16BE(transport + 6) === 0 ? undefined : transport + 6;
}

/** A checksum after 16 of its bits were changed (RFC 1624). */
function adjust(bytes: Buffer, at: number, before: number, after: number): void {
  let sum = (~bytes.readUInt16BE(at) & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, at);
}

/**
 * The packet that an ICMP error is about, as far as it is in it; undefined when it is no such message. Its
 * addresses may be changed without touching the message's own checksum: that of the inner header, which
 * `rewriteInner` keeps right, makes up for them.
 */
export function innerPacket(packet: Ipv4): { inner: Ipv4; at: number } | undefined {
  const { bytes, protocol, transport } = packet;
  if (protocol !== protocols.icmp || transport === 0) return undefined;
  if (![3, 11, 12].includes(bytes.readUInt8(transport))) return undefined;
  const at = transport + 8;
  if (bytes.length < at + smallestIp) return undefined;
  const inner = readIpv4At(bytes, at);
  return inner && { inner, at };
}

export function rewriteInner({ inner, at }: { inner: Ipv4; at: number }, to: Rewrite): void {
  const { source, destination } = to;
  const addresses = {
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
  };
  rewriteAt(inner, at, addresses, false);
}

/** Sends the packet from one station to another of the Ethernet. */
export function setMacs(bytes: Buffer, destination: Buffer, source: Buffer): void {
  destination.copy(bytes, ethernet);
  source.copy(bytes, ethernet + 6);
}

/** ICMP's "port unreachable" about a packet, as a firewall that rejects sends it to its sender. */
export function portUnreachable({ bytes, source, destination }: Ipv4): Buffer {
  const quoted = bytes.subarray(ip, Math.min(bytes.length, ip + 28));
  const answer = ipv4Frame(bytes, {
    protocol: protocols.icmp,
    source: destination,
    destination: source,
    payload: 8 + quoted.length,
  });
  const at = ip + smallestIp;
  answer.writeUInt8(3, at);
  answer.writeUInt8(3, at + 1);
  quoted.copy(answer, at + 8);
  answer.writeUInt16BE(checksumOf(answer.subarray(at)), at + 2);
  return answer;
}

/** A UDP packet back to the sender of one. */
export function udpAnswer(packet: Ipv4, payload: Buffer): Buffer {
  const answer = ipv4Frame(packet.bytes, {
    protocol: protocols.udp,
    source: packet.destination,
    destination: packet.source,
    payload: 8 + payload.length,
  });
  const at = ip + smallestIp;
  answer.writeUInt16BE(packet.destinationPort, at);
  answer.writeUInt16BE(packet.sourcePort, at + 2);
  answer.writeUInt16BE(8 + payload.length, at + 4);
  // Its checksum stays 0: over IPv4 it may be left out (RFC 768).
  payload.copy(answer, at + 8);
  return answer;
}

/** What a UDP packet carries. */
export const udpPayload = ({ bytes, transport }: Ipv4) =>
  bytes.subarray(transport + 8, transport + Math.max(8, bytes.readUInt16BE(transport + 4)));

/** A frame back to where `to` came from, with an empty payload of so many bytes. */
function ipv4Frame(
  to: Buffer,
  fields: { protocol: number; source: number; destination: number; payload: number },
): Buffer {
  const length = smallestIp + fields.payload;
  const frame = Buffer.alloc(ip + length);
  frame.writeUInt32BE(frame.length - headerBytes, 0);
  to.copy(frame, ethernet, ethernet + 6, ethernet + 12);
  to.copy(frame, ethernet + 6, ethernet, ethernet + 6);
  frame.writeUInt16BE(0x0800, ethernet + 12);
  frame.writeUInt8(0x45, ip);
  frame.writeUInt16BE(length, ip + 2);
  frame.writeUInt8(64, ip + 8);
  frame.writeUInt8(fields.protocol, ip + 9);
  frame.writeUInt32BE(fields.source, ip + 12);
  frame.writeUInt32BE(fields.destination, ip + 16);
  frame.writeUInt16BE(checksumOf(frame.subarray(ip, ip + smallestIp)), ip + 10);
  return frame;
}

/** The Internet checksum (RFC 1071) of bytes in which its own place is zero. */
export function checksumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  if (bytes.length % 2 === 1) sum += bytes.readUInt8(bytes.length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
