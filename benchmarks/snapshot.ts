import type { Cluster } from '../cluster/src/createCluster.ts';
import { guestImages } from '../cluster/src/guest-images/guestImages.ts';
import { virtualMachineInstances, virtualMachines } from '../cluster/src/kubevirt/resources.ts';
import { vmSnapshots } from '../cluster/src/kubevirt/virt-controller/snapshot/resources.ts';
import type { Figure } from './Figure.ts';
import { admin, until, withCluster } from './withCluster.ts';

const namespace = 'default';

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
  const cache = new URL('../node_modules/.cache/virtdeck', import.meta.url).pathname;
  const micro = guestImages(cache, () => undefined).filter(({ name }) => name === 'micro');
  return withCluster(micro, measure);
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
