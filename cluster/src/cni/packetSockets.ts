import type { Socket } from 'node:net';

import { FrameError, FrameReader, headerBytes } from './frames.ts';
import type { Traffic } from './portCounters.ts';

/** More than this is not kept for whoever does not read, a guest that is paused say. */
const backlogBytes = 2 ** 20;

/**
 * Gives `take` each packet that comes from the socket of a QEMU. A stream that has none is an error of
 * `transmitted`, and its end.
 */
export function readPackets(
  socket: Socket,
  transmitted: Traffic | undefined,
  take: (packet: Buffer) => void,
): void {
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const packet of reader.take(chunk)) take(packet);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      if (transmitted) transmitted.errors++;
      socket.destroy(error);
    }
  });
}

/** False when the packet is dropped because nobody reads. */
export function sendPacket(socket: Socket | undefined, packet: Buffer): boolean {
  if (!socket || socket.writableLength > backlogBytes) return false;
  if (socket.writableCorked === 0) {
    // What one read brings goes out in one write.
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  socket.write(packet);
  return true;
}

/** Sends a packet to the guest at the socket, and counts it. */
export function deliverPacket(socket: Socket | undefined, received: Traffic, packet: Buffer): void {
  if (!sendPacket(socket, packet)) {
    received.dropped++;
    return;
  }
  received.packets++;
  received.bytes += packet.length - headerBytes;
}
