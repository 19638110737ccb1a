import { virtualMachineInstances, virtualMachines } from '../cluster/src/kubevirt/resources.ts';
import { vmSnapshots } from '../cluster/src/kubevirt/virt-controller/snapshot/resources.ts';
import type { Figure } from './Figure.ts';
import { microVm, namespace } from './microVm.ts';
import { until } from './withCluster.ts';
import { type Guests, hasBooted, withGuests } from './withGuests.ts';

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

const result = '/longest-pause';

/**
 * How long a guest that writes stands still while a snapshot is taken, file systems frozen by its agent; and
 * how long it does without one.
 */
export function snapshot(): Promise<Figure[]> {
  return withGuests(measure);
}

async function measure({ cluster, client }: Guests): Promise<Figure[]> {
  await client.create(virtualMachines, microVm('web'));
  const vmi = await until(cluster, virtualMachineInstances, { namespace, name: 'web' }, hasBooted);
  const agent = cluster.guestOf(vmi)?.agent;
  const run = async (script: string) =>
    (await agent?.execute('/bin/sh', ['-c', script], 60_000))?.output;
  const quiet = Number(await run(writeOn));
  // In the background: an agent whose file systems are frozen does not tell of what it runs.
  await run(`(${writeOn}) > ${result} 2>&1 &`);
  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'snapshot', namespace },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' } },
  });
  await until(
    cluster,
    vmSnapshots,
    { namespace, name: 'snapshot' },
    ({ status }) => status?.readyToUse,
  );
  const busy = Number(await run(`until [ -s ${result} ]; do sleep 0.2; done; cat ${result}`));
  return [
    { name: 'snapshot', value: busy * 10, unit: 'ms' },
    { name: 'snapshot-without', value: quiet * 10, unit: 'ms' },
  ];
}
