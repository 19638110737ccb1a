/** Bytes of the length that QEMU's `stream` backend puts before each frame (net/stream.c, QEMU 7.2). */
export const headerBytes = 4;
/** What QEMU sends and takes at most: 64 KiB and room for headers (NET_BUFSIZE, include/net/net.h). */
const largestFrame = 4096 + 65_536;
/** Two addresses and a type. */
export const smallestFrame = 14;

/** A byte stream that is not what QEMU sends. */
export class FrameError extends Error {}

/** Cuts the byte stream of an interface into packets: each an Ethernet frame with its length before it. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The packets that are whole now, as parts of `chunk` where that is possible. Throws FrameError. */
  take(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const packets: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const length = bytes.readUInt32BE(at);
      if (length > largestFrame) throw new FrameError(`a frame of ${length} bytes`);
      if (bytes.length - at < headerBytes + length) break;
      packets.push(bytes.subarray(at, at + headerBytes + length));
      at += headerBytes + length;
    }
    this.#rest = bytes.subarray(at);
    return packets;
  }
}

/** Where the packet is to go, as a number of 48 bits. */
export const destinationOf = (packet: Buffer) => packet.readUIntBE(headerBytes, 6);

/** Where it came from. */
export const sourceOf = (packet: Buffer) => packet.readUIntBE(headerBytes + 6, 6);

/** Is the packet for more than one station? */
export const isGroup = (packet: Buffer) => ((packet[headerBytes] ?? 0) & 1) === 1;

/** `02:00:00:00:00:01` as the number that the functions above give. */
export const addressNumber = (mac: string) => Number.parseInt(mac.replaceAll(/[:-]/g, ''), 16);
