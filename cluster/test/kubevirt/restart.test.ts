import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { pods } from '../../src/client/resources.ts';
import { type VirtualMachineInstance, virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  quickGuests,
  startCluster,
  temporaryFolder,
  vmAction,
  vmiAction,
} from './clusterFixture.ts';
import { diskVm, plainVm } from './manifests.ts';
import { untilVm, untilVmi } from './watching.ts';

const addressesOf = ({ status }: VirtualMachineInstance) =>
  status?.interfaces?.map(({ mac, ipAddress }) => [mac, ipAddress]);

test.each([false, true])(
  'guests are as before after a new start (left running meanwhile: %s)',
  async (leaveGuests) => {
    const dataDir = await temporaryFolder();
    const runtime = quickGuests();
    const first = await startCluster({ dataDir, runtime });
    await first.client.create(virtualMachines, diskVm('web'));
    await first.client.create(virtualMachines, plainVm('paused'));
    await first.client.create(virtualMachines, plainVm('off', { runStrategy: 'Halted' }));
    const before = await untilVmi(first.client, 'web', 'Running');
    await untilVmi(first.client, 'paused', 'Running');
    await first.send('PUT', vmiAction('paused', 'pause'));
    await untilVm(first.client, 'paused', 'Paused');
    await untilVm(first.client, 'off', 'Stopped');
    const podBefore = (await first.client.list(pods, { namespace: 'default' })).items.map(
      ({ metadata }) => metadata.uid,
    );
    await first.close({ leaveGuests });

    const second = await startCluster({ dataDir, runtime });
    // The guests are found by working on their VMIs; a command shows that they are there.
    await expect.poll(() => second.cluster.running()).toBe(2);
    const after = await untilVmi(second.client, 'web', 'Running');
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(addressesOf(after)).toEqual(addressesOf(before));
    expect(
      (await second.client.list(pods, { namespace: 'default' })).items.map(
        ({ metadata }) => metadata.uid,
      ),
    ).toEqual(podBefore);
    const pause = { body: { dryRun: ['All'] } };
    expect((await second.send('PUT', vmiAction('web', 'pause'), pause)).code).toBe(200);
    await untilVm(second.client, 'web', 'Running');
    await untilVm(second.client, 'paused', 'Paused');
    await untilVm(second.client, 'off', 'Stopped');
    expect((await second.send('PUT', vmiAction('paused', 'unpause'))).code).toBe(200);
    await untilVm(second.client, 'paused', 'Running');
    const left = await readdir(join(dataDir, 'nodes', 'node-1', 'guests', after.metadata.uid));
    expect(left).not.toContain('suspended');
  },
);

test('a guest that is gone after the program was killed has crashed, and starts again', async () => {
  const dataDir = await temporaryFolder();
  const first = await startCluster({ dataDir });
  await first.client.create(virtualMachines, diskVm('web'));
  const before = await untilVmi(first.client, 'web', 'Running');
  await first.close({ leaveGuests: true });
  // Another runtime knows nothing of the first one's guests, as after a crash of the machine.
  const second = await startCluster({ dataDir, runtime: quickGuests() });
  const after = await untilVmi(
    second.client,
    'web',
    ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
  );
  expect(after.metadata.name).toBe('web');
  await untilVm(second.client, 'web', 'Running');
});

test('a VM that was stopped while nobody ran the program stays stopped', async () => {
  const dataDir = await temporaryFolder();
  const first = await startCluster({ dataDir });
  await first.client.create(virtualMachines, diskVm('web'));
  await untilVm(first.client, 'web', 'Running');
  await first.send('PUT', vmAction('web', 'stop'));
  await first.close();
  const second = await startCluster({ dataDir });
  await untilVm(second.client, 'web', 'Stopped');
  await expect.poll(() => second.cluster.running()).toBe(0);
});

test('a real guest that was left is found again, the same process', async () => {
  const dataDir = await temporaryFolder();
  const runtime = await QemuRuntime.create();
  const first = await startCluster({ dataDir, runtime });
  await first.client.create(virtualMachines, diskVm('web', { memory: '128Mi' }));
  const before = await untilVmi(first.client, 'web', 'Running');
  const pid = first.cluster.guestOf(before)?.pid;
  expect(pid).toBeGreaterThan(0);
  await first.close({ leaveGuests: true });
  const second = await startCluster({ dataDir, runtime });
  await expect.poll(() => second.cluster.running()).toBe(1);
  const after = await untilVmi(second.client, 'web', 'Running');
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(second.cluster.guestOf(after)?.pid).toBe(pid);
  const log = await second.send('GET', await logUrl(second));
  expect(log.text).toContain('qemu-system-x86_64');
  const now = { body: { gracePeriod: 0 } };
  expect((await second.send('PUT', vmAction('web', 'stop'), now)).code).toBe(202);
  await untilVm(second.client, 'web', 'Stopped');
  // The process that this test started itself is there until it has been told of its end.
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
});

async function logUrl({ client }: Awaited<ReturnType<typeof startCluster>>): Promise<string> {
  const { items } = await client.list(pods, { namespace: 'default' });
  return `/api/v1/namespaces/default/pods/${items[0]?.metadata.name ?? ''}/log?container=compute`;
}
