import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { staticTokens } from '../cluster/src/apiserver/auth/staticTokens.ts';
import type { KubeObject, ObjectKey, ResourceRef } from '../cluster/src/client/KubeClient.ts';
import { type Cluster, createCluster } from '../cluster/src/createCluster.ts';
import type { GuestImage } from '../cluster/src/guest-images/guestImages.ts';
import { QemuRuntime } from '../cluster/src/kubevirt/virt-launcher/QemuRuntime.ts';

const pollMs = 20;
const signals = ['SIGINT', 'SIGTERM'] as const;
export const admin = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** Gives `work` a cluster of real guests, which is gone afterwards. */
export async function withCluster<T>(
  images: readonly GuestImage[],
  work: (cluster: Cluster) => Promise<T>,
  options: { nodes?: number; runtime?: QemuRuntime } = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-bench-'));
  const cluster = await createCluster({
    dataDir: folder,
    nodes: options.nodes ?? 1,
    runtime: options.runtime ?? (await QemuRuntime.create()),
    guestImages: images,
    authenticate: staticTokens(new Map([['admin', admin]])),
    log: () => undefined,
  });
  const end = async () => {
    await cluster.close({ leaveGuests: false, graceMs: 0 });
    await rm(folder, { recursive: true, force: true });
  };
  // Guests outlive the program that started them.
  const interrupt = () => void end().finally(() => process.exit(1));
  for (const signal of signals) process.once(signal, interrupt);
  try {
    return await work(cluster);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    await end();
  }
}

/** Waits until an object is as wanted. */
export async function until<T extends KubeObject>(
  cluster: Cluster,
  resource: ResourceRef<T>,
  { namespace, name }: ObjectKey,
  wanted: (object: T) => boolean | undefined,
): Promise<T> {
  for (;;) {
    const { items } = await cluster.api.clientFor(admin).list(resource, { namespace });
    const found = items.find(({ metadata }) => metadata.name === name);
    if (found && wanted(found)) return found;
    await sleep(pollMs);
  }
}
