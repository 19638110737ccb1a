import type { VirtualMachineInstance } from '../../src/kubevirt/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { createCluster } from '../../src/createCluster.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { diskVm } from '../kubevirt/manifests.ts';

/**
 * A cluster with running guests of the given names, for a test that kills it. Says their processes, as
 * JSON by name, when all run.
 */
const [dataDir = '', ...wanted] = process.argv.slice(2);

const cluster = await createCluster({
  dataDir,
  nodes: 1,
  runtime: await QemuRuntime.create(),
  guestImages: [],
  authenticate: () => undefined,
  log: () => undefined,
});
const client = cluster.api.clientFor({ username: 'admin', groups: ['system:masters'] });
const pids = new Map<string, number>();

function look(vmi: VirtualMachineInstance): void {
  const pid = vmi.status?.phase === 'Running' ? cluster.guestOf(vmi)?.pid : undefined;
  if (pid === undefined || pids.has(vmi.metadata.name)) return;
  pids.set(vmi.metadata.name, pid);
  if (pids.size === wanted.length) console.log(JSON.stringify(Object.fromEntries(pids)));
}

const { resourceVersion } = await client.list(virtualMachineInstances);
client.watch(
  virtualMachineInstances,
  { resourceVersion },
  ({ object }) => look(object),
  () => undefined,
);
for (const name of wanted) {
  const vm = diskVm(name, {
    memory: '64Mi',
    change({ spec }) {
      if (spec.template.spec) spec.template.spec.terminationGracePeriodSeconds = 0;
    },
  });
  await client.create(virtualMachines, vm);
}
// Keeps the program alive until it is killed.
setInterval(() => undefined, 60_000);
