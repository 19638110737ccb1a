import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type DownwardMetric, metricsXml } from './vhostmd.ts';

/** KubeVirt answers five times a second at most. */
const restMs = 200;
/** Longer than any question. */
const mostBytes = 1024;

/**
 * Answers a guest that asks for its metrics on its serial port, one question after the other, as vhostmd does (its
 * README, Virtio Transport). KubeVirt: pkg/downwardmetrics/virtio-serial/virtio-serial.go (d923fdb).
 */
export function answerMetrics(
  socket: Socket,
  metrics: () => Promise<readonly DownwardMetric[]>,
): void {
  let asked = '';
  let turn = Promise.resolve();
  const answer = async (question: string) => {
    const isKnown = /^GET \/metrics\/XML\r?$/.test(question);
    // It ends with an empty line, by which the guest knows that it has all.
    const text = isKnown
      ? `${metricsXml(await metrics().catch(() => [])).trimEnd()}\n\n`
      : 'INVALID REQUEST\n\n';
    if (!socket.destroyed) socket.write(text);
    await sleep(restMs);
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    asked += chunk;
    const lines = asked.split(/\r?\n\r?\n/);
    asked = (lines.pop() ?? '').slice(-mostBytes);
    for (const question of lines) turn = turn.then(() => answer(question));
  });
  // Its guest ends.
  socket.on('error', () => undefined);
}
