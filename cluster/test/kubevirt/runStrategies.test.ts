import { expect, test } from 'vitest';

import type { DomainSpec, Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { SimulatedRuntime } from '../../src/kubevirt/virt-launcher/SimulatedRuntime.ts';
import { pods } from '../../src/client/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { find, record, until, untilGone, untilVm, untilVmi } from './watching.ts';

/** Simulated guests that a test can reach as someone logged in to them would. */
class ReachableGuests extends SimulatedRuntime {
  readonly launched: Guest[] = [];

  override async launch(directory: string, spec: DomainSpec): Promise<Guest> {
    const guest = await super.launch(directory, spec);
    this.launched.push(guest);
    return guest;
  }

  /** The guest powers itself off, as by `poweroff` in it. */
  async powerOff(): Promise<void> {
    await this.launched.at(-1)?.powerdown();
  }
}

async function startReachable() {
  const runtime = new ReachableGuests({ startMs: 5, shutdownMs: 5, agentMs: 20 });
  return { runtime, ...(await startCluster({ runtime })) };
}

const key = { namespace: 'default', name: 'web' };

test('Always: a guest that powers itself off comes back', async () => {
  const { client, runtime } = await startReachable();
  await client.create(virtualMachines, plainVm('web'));
  const before = await untilVmi(client, 'web', 'Running');
  const phases = await record(client, virtualMachineInstances, 'web', (vmi) => vmi.status?.phase);
  await runtime.powerOff();
  await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
  );
  const end = phases.filter((phase) => phase !== 'Running').slice(0, 2);
  expect(end).toEqual(['Succeeded', 'deleted']);
});

test.each(['RerunOnFailure', 'Manual', 'Once'])(
  '%s: a guest that powers itself off stays off',
  async (runStrategy) => {
    const { client, send, runtime } = await startReachable();
    await client.create(virtualMachines, plainVm('web', { runStrategy }));
    if (runStrategy === 'Manual') {
      await untilVm(client, 'web', 'Stopped');
      expect((await send('PUT', vmAction('web', 'start'))).code).toBe(202);
    }
    await untilVmi(client, 'web', 'Running');
    await runtime.powerOff();
    await untilVm(client, 'web', 'Stopped');
    const left = await find(client, virtualMachineInstances, 'web');
    // RerunOnFailure removes what has ended well; the others leave it for the user to see.
    if (runStrategy === 'RerunOnFailure') await untilGone(client, virtualMachineInstances, key);
    else expect(left?.status?.phase).toBe('Succeeded');
    expect(runtime.launched).toHaveLength(1);
  },
);

test('Manual: a start after the guest has ended makes a new instance', async () => {
  const { client, send, runtime } = await startReachable();
  await client.create(virtualMachines, plainVm('web', { runStrategy: 'Manual' }));
  await untilVm(client, 'web', 'Stopped');
  await send('PUT', vmAction('web', 'start'));
  const first = await untilVmi(client, 'web', 'Running');
  await runtime.powerOff();
  await untilVmi(client, 'web', 'Succeeded');
  expect((await send('PUT', vmAction('web', 'start'))).code).toBe(202);
  await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== first.metadata.uid && status?.phase === 'Running',
  );
  const vm = await untilVm(client, 'web', ({ status }) => !status?.stateChangeRequests);
  expect(vm.spec.runStrategy).toBe('Manual');
});

test.each(['Always', 'RerunOnFailure'])('%s: a guest that crashes comes back', async (strategy) => {
  const { client, runtime } = await startReachable();
  const phases = await record(
    client,
    virtualMachineInstances,
    'web-crashes',
    (vmi) => vmi.status?.phase,
  );
  await client.create(virtualMachines, plainVm('web-crashes', { runStrategy: strategy }));
  await expect.poll(() => runtime.launched.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(phases).toContain('Failed');
  expect(phases).not.toContain('Succeeded');
});

test.each(['Manual', 'Once'])('%s: a guest that crashes stays as it is', async (runStrategy) => {
  const { client, send, runtime } = await startReachable();
  await client.create(virtualMachines, plainVm('web-crashes', { runStrategy }));
  if (runStrategy === 'Manual') {
    await untilVm(client, 'web-crashes', 'Stopped');
    await send('PUT', vmAction('web-crashes', 'start'));
  }
  await untilVmi(client, 'web-crashes', 'Failed');
  await untilVm(client, 'web-crashes', 'Stopped');
  expect(runtime.launched).toHaveLength(1);
});

test('RerunOnFailure refuses a start while the failed instance is there', async () => {
  const { client, send } = await startReachable();
  await client.create(
    virtualMachines,
    plainVm('web-crashes', {
      runStrategy: 'Manual',
    }),
  );
  await untilVm(client, 'web-crashes', 'Stopped');
  await send('PUT', vmAction('web-crashes', 'start'));
  const failed = await untilVmi(client, 'web-crashes', 'Failed');
  // A finalizer of someone else's keeps the failed instance while the strategy would replace it.
  await client.patch(virtualMachineInstances, failed.metadata, {
    type: 'merge',
    body: { metadata: { finalizers: [...(failed.metadata.finalizers ?? []), 'example.com/keep'] } },
  });
  await client.patch(
    virtualMachines,
    { namespace: 'default', name: 'web-crashes' },
    { type: 'merge', body: { spec: { runStrategy: 'RerunOnFailure' } } },
  );
  await untilVmi(client, 'web-crashes', ({ metadata }) => metadata.deletionTimestamp !== undefined);
  expect(await send('PUT', vmAction('web-crashes', 'start'))).toMatchObject({
    code: 409,
    body: {
      message: expect.stringContaining(
        'RerunOnFailure does not support starting VM from failed state',
      ),
    },
  });
});

test('Halted: ends the guest that runs when the strategy changes', async () => {
  const { client } = await startReachable();
  await client.create(virtualMachines, plainVm('web'));
  await untilVm(client, 'web', 'Running');
  const statuses = await record(client, virtualMachines, 'web', (vm) => vm.status?.printableStatus);
  await client.patch(virtualMachines, key, {
    type: 'merge',
    body: { spec: { runStrategy: 'Halted' } },
  });
  await untilGone(client, virtualMachineInstances, key);
  await untilVm(client, 'web', 'Stopped');
  expect(statuses).toEqual(['Running', 'Stopping', 'Stopped']);
});

test('a VM whose starts fail waits longer and longer, and is shown as crash looping', async () => {
  const { client, clock } = await startCluster();
  const name = 'web-fails-to-start';
  await client.create(virtualMachines, plainVm(name));
  for (const failures of [1, 2]) {
    const vmi = await untilVmi(client, name, ({ status }) =>
      Boolean(
        status?.conditions?.some(
          ({ type, status: is }) => type === 'Synchronized' && is === 'False',
        ),
      ),
    );
    // Its pod is taken away before the guest ever ran: that is a failed start.
    const { items } = await client.list(pods, { namespace: 'default' });
    for (const pod of items) await client.delete(pods, pod.metadata, { gracePeriodSeconds: 0 });
    const vm = await untilVm(
      client,
      name,
      ({ status }) =>
        status?.printableStatus === 'CrashLoopBackOff' &&
        status.startFailure?.consecutiveFailCount === failures,
    );
    expect(vm.status?.startFailure?.lastFailedVMIUID).toBe(vmi.metadata.uid);
    const wait = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? '') - clock.now();
    const least = 10_000 * failures ** 2;
    expect(wait).toBeGreaterThan(least - 3000);
    expect(wait).toBeLessThan(least * 1.5 + 1000);
    await untilGone(client, virtualMachineInstances, { namespace: 'default', name });
    clock.skip(wait + 1000);
  }
  await until(client, virtualMachineInstances, { namespace: 'default', name }, () => true);
});
