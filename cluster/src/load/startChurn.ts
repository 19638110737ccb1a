import type { KubeClient } from '../client/KubeClient.ts';
import { virtualMachines } from '../kubevirt/resources.ts';
import { seededKey } from './seedVirtualMachines.ts';

const tickMs = 20;

/**
 * Changes the label `load` of one seeded virtual machine after the other, `perSecond` of them at an even
 * pace; what cannot be written in time is left out. Returns what ends it; `log` hears of the first failure.
 */
export function startChurn(
  client: KubeClient,
  { count, perSecond, log }: { count: number; perSecond: number; log: (message: string) => void },
): () => void {
  let sent = 0;
  let due = 0;
  let waiting = 0;
  let hasFailed = false;
  const change = async (index: number) => {
    const body = { metadata: { labels: { load: String(index) } } };
    try {
      await client.patch(virtualMachines, seededKey(index % count), { type: 'merge', body });
    } catch (error) {
      if (!hasFailed) log(`churn: ${String(error)}`);
      hasFailed = true;
    } finally {
      waiting -= 1;
    }
  };
  let last = performance.now();
  const timer = setInterval(() => {
    // By the clock: on a busy machine a timer comes late, and its turns are not made up for.
    const now = performance.now();
    due += (perSecond * (now - last)) / 1000;
    last = now;
    for (; due >= 1; due -= 1) {
      if (waiting >= perSecond) continue;
      waiting += 1;
      void change(sent++);
    }
  }, tickMs);
  return () => clearInterval(timer);
}
