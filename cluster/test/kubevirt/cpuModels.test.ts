import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { type Node, nodes } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { until, untilVm, untilVmi } from './watching.ts';

type Cpu = { model?: string; features?: { name: string; policy?: string }[] };

const vmWith = (name: string, cpu: Cpu) =>
  plainVm(name, {
    memory: '128Mi',
    change({ spec }) {
      if (spec.template.spec) spec.template.spec.domain.cpu = cpu;
    },
  });

const hasModels = ({ metadata }: Node) =>
  Object.keys(metadata.labels ?? {}).some((key) => key.startsWith('cpu-model.node.kubevirt.io/'));

/** KubeVirt: pkg/virt-controller/services/nodeselectorrenderer.go, pkg/virt-handler/node-labeller (d923fdb). */
test('a guest goes where its processor is, and nowhere else', async () => {
  const { client } = await startCluster();
  const node = await until(client, nodes, { name: 'node-1' }, hasModels);
  expect(node.metadata.labels).toMatchObject({
    'cpu-model.node.kubevirt.io/Haswell': 'true',
    'cpu-model-migration.node.kubevirt.io/Haswell': 'true',
    'machine-type.node.kubevirt.io/q35': 'true',
  });
  await client.create(virtualMachines, vmWith('known', { model: 'Haswell' }));
  await untilVm(client, 'known', 'Running');
  await client.create(virtualMachines, vmWith('unknown', { model: 'Abacus' }));
  const { status } = await untilVmi(client, 'unknown', (vmi) =>
    Boolean(vmi.status?.conditions?.some(({ type }) => type === 'PodScheduled')),
  );
  expect(status?.conditions).toContainEqual(
    expect.objectContaining({
      reason: 'Unschedulable',
      message: expect.stringContaining("didn't match Pod's node affinity/selector") as string,
    }),
  );
});

test('QEMU gives the guest the model and the features that it asks for, or does not start it', async () => {
  const { client, cluster } = await startCluster({ runtime: await QemuRuntime.create() });
  const node = await until(client, nodes, { name: 'node-1' }, hasModels);
  // An old one, which every machine has.
  expect(node.metadata.labels).toHaveProperty(['cpu-model.node.kubevirt.io/Penryn'], 'true');
  const features = [{ name: 'ssse3', policy: 'disable' }];
  await client.create(virtualMachines, vmWith('old', { model: 'Penryn', features }));
  const vmi = await untilVmi(client, 'old', 'Running');
  const command = await readFile(`/proc/${cluster.guestOf(vmi)?.pid ?? 0}/cmdline`, 'utf8');
  expect(command.split('\0')).toContain('Penryn,ssse3=off,enforce');
  await client.create(virtualMachines, vmWith('odd', { features: [{ name: 'abacus' }] }));
  const failed = await untilVmi(client, 'odd', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'Synchronized')),
  );
  expect(failed.status?.conditions).toContainEqual(
    expect.objectContaining({
      ...{ type: 'Synchronized', status: 'False' },
      message: expect.stringContaining('abacus') as string,
    }),
  );
});
