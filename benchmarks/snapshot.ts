import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { staticTokens } from '../cluster/src/apiserver/auth/staticTokens.ts';
import type { KubeObject, ObjectKey, ResourceRef } from '../cluster/src/client/KubeClient.ts';
import { type Cluster, createCluster } from '../cluster/src/createCluster.ts';
import { guestImages } from '../cluster/src/guest-images/guestImages.ts';
import { virtualMachineInstances, virtualMachines } from '../cluster/src/kubevirt/resources.ts';
import { vmSnapshots } from '../cluster/src/kubevirt/virt-controller/snapshot/resources.ts';
import { QemuRuntime } from '../cluster/src/kubevirt/virt-launcher/QemuRuntime.ts';
import type { Figure } from './Figure.ts';

const namespace = 'default';
const pollMs = 50;
const admin = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };

/**
 * Writes to the disk without a stop for 8 s, and prints the longest time between two writes, in hundredths
 * of a second, which is as fine as the guest's clock is read here.
 */
const writeOn = [
  'read t r < /proc/uptime; last=${t%.*}${t#*.}; end=$((last + 800)); max=0',
  'while [ $last -lt $end ]; do',
  'read t r < /proc/uptime; now=${t%.*}${t#*.}',
  '[ $((now - last)) -gt $max ] && max=$((now - last))',
  'last=$now; echo $now > /tick',
  'done',
  'echo $max',
].join('\n');

/**
 * How long a guest that writes stands still while a snapshot is taken, file systems frozen by its agent; and
 * how long it does without one.
 */
export async function snapshot(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-bench-'));
  const cache = new URL('../node_modules/.cache/virtdeck', import.meta.url).pathname;
  const cluster = await createCluster({
    dataDir: folder,
    nodes: 1,
    runtime: await QemuRuntime.create(),
    guestImages: guestImages(cache, () => undefined).filter(({ name }) => name === 'micro'),
    authenticate: staticTokens(new Map([['admin', admin]])),
    log: () => undefined,
  });
  try {
    return await measure(cluster);
  } finally {
    await cluster.close({ leaveGuests: false, graceMs: 0 });
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(cluster: Cluster): Promise<Figure[]> {
  const client = cluster.api.clientFor(admin);
  await client.create(virtualMachines, vm);
  const vmi = await until(cluster, virtualMachineInstances, { namespace, name: 'web' }, (one) =>
    one.status?.conditions?.some(({ type }) => type === 'AgentConnected'),
  );
  const agent = cluster.guestOf(vmi)?.agent;
  const quiet = Number((await agent?.execute('/bin/sh', ['-c', writeOn], 60_000))?.output);
  const writing = agent?.execute('/bin/sh', ['-c', writeOn], 60_000);
  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'snapshot', namespace },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' } },
  });
  await until(cluster, vmSnapshots, { namespace, name: 'snapshot' }, (one) => {
    return one.status?.readyToUse;
  });
  const busy = Number((await writing)?.output);
  return [
    { name: 'snapshot', value: busy * 10, unit: 'ms' },
    { name: 'snapshot-without', value: quiet * 10, unit: 'ms' },
  ];
}

async function until<T extends KubeObject>(
  cluster: Cluster,
  resource: ResourceRef<T>,
  key: ObjectKey,
  wanted: (object: T) => boolean | undefined,
): Promise<T> {
  for (;;) {
    const { items } = await cluster.api.clientFor(admin).list(resource, { namespace });
    const found = items.find(({ metadata }) => metadata.name === key.name);
    if (found && wanted(found)) return found;
    await sleep(pollMs);
  }
}

const vm = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'web', namespace },
  spec: {
    runStrategy: 'Always',
    dataVolumeTemplates: [
      {
        metadata: { name: 'web' },
        spec: {
          sourceRef: { kind: 'DataSource', name: 'micro', namespace: 'kubevirt-os-images' },
          storage: {},
        },
      },
    ],
    template: {
      spec: {
        domain: {
          memory: { guest: '160Mi' },
          devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] },
        },
        volumes: [{ name: 'root', dataVolume: { name: 'web' } }],
      },
    },
  },
};
