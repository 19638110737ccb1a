import { expect, test } from 'vitest';

import {
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { accepted, done, eventReasons, running, vmConflict } from './virtApi.ts';
import { find, record, untilGone, untilVm, untilVmi } from './watching.ts';

test('start makes a halted VM an Always one, stop halts it again', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await client.create(virtualMachines, plainVm('web', { runStrategy: 'Halted' }));
  await untilVm(client, 'web', 'Stopped');
  expect(await send('PUT', vmAction('web', 'stop'))).toMatchObject(
    vmConflict('web', 'VM is not running'),
  );
  expect(await send('PUT', vmAction('web', 'start'))).toMatchObject(accepted);
  const started = await untilVm(client, 'web', 'Running');
  expect(started.spec.runStrategy).toBe('Always');
  expect(await send('PUT', vmAction('web', 'start'))).toMatchObject(
    vmConflict('web', 'VM is already running'),
  );
  expect(await send('PUT', vmAction('web', 'stop'))).toMatchObject(accepted);
  const stopped = await untilVm(client, 'web', 'Stopped');
  expect(stopped.spec.runStrategy).toBe('Halted');
  await untilGone(client, virtualMachineInstances, { namespace: 'default', name: 'web' });
});

test('a VM that uses spec.running keeps using it', async () => {
  const { client, send } = await startCluster();
  const change = (vm: { spec: VirtualMachine['spec'] }) => {
    delete vm.spec.runStrategy;
    vm.spec.running = false;
  };
  await client.create(virtualMachines, plainVm('web', { change }));
  await send('PUT', vmAction('web', 'start'));
  const { spec } = await untilVm(client, 'web', 'Running');
  expect([spec.running, spec.runStrategy]).toEqual([true, undefined]);
});

test('start of a halted VM with paused leaves the guest paused', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, plainVm('web', { runStrategy: 'Halted' }));
  await untilVm(client, 'web', 'Stopped');
  expect(await send('PUT', vmAction('web', 'start'), { body: { paused: true } })).toMatchObject(
    accepted,
  );
  const vm = await untilVm(client, 'web', 'Paused');
  expect(vm.spec.runStrategy).toBe('Always');
  expect(await send('PUT', vmiAction('web', 'unpause'))).toMatchObject(done);
  const gone = await untilVm(client, 'web', 'Running');
  expect(gone.status?.stateChangeRequests).toBeUndefined();
});

test('stop with a grace period of 0 ends a guest that ignores its power button', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await running(cluster, 'web-ignores-shutdown');
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'stop'))).toMatchObject(accepted);
  await untilVm(client, 'web-ignores-shutdown', 'Stopping');
  const again = { body: { gracePeriod: 30 } };
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'stop'), again)).toMatchObject(
    vmConflict(
      'web-ignores-shutdown',
      'Halted only supports manual stop requests with a shorter graceperiod',
    ),
  );
  const now = { body: { gracePeriod: 0 } };
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'stop'), now)).toMatchObject(accepted);
  await untilVm(client, 'web-ignores-shutdown', 'Stopped');
});

test('a guest that ignores its power button is ended after the grace period, as Failed', async () => {
  const cluster = await startCluster();
  const { client, send, clock } = cluster;
  await running(cluster, 'web-ignores-shutdown', 'Manual');
  const phases = await record(
    client,
    virtualMachineInstances,
    'web-ignores-shutdown',
    ({ status }) => status?.phase,
  );
  await send('PUT', vmAction('web-ignores-shutdown', 'stop'));
  await untilVm(client, 'web-ignores-shutdown', 'Stopping');
  await expect.poll(() => eventReasons(cluster)).toContain('ShuttingDown');
  clock.skip(29_000);
  expect(await find(client, virtualMachineInstances, 'web-ignores-shutdown')).toMatchObject({
    status: { phase: 'Running' },
  });
  clock.skip(1_001);
  await untilVm(client, 'web-ignores-shutdown', 'Stopped');
  await expect.poll(() => phases).toEqual(['Running', 'Failed']);
});

test('restart gives a running VM a new instance', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  const before = await running(cluster, 'web');
  const body = (gracePeriodSeconds: number) => ({ body: { gracePeriodSeconds } });
  expect(await send('PUT', vmAction('web', 'restart'), body(5))).toMatchObject({
    code: 400,
    body: { message: 'For force restart, only gracePeriod=0 is supported for now' },
  });
  expect(await send('PUT', vmAction('web', 'restart'), body(-1))).toMatchObject({
    code: 400,
    body: { message: 'gracePeriod has to be greater or equal to 0' },
  });
  expect(await send('PUT', vmAction('web', 'restart'))).toMatchObject(accepted);
  const after = await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
  );
  const vm = await untilVm(client, 'web', ({ status }) => !status?.stateChangeRequests);
  expect(vm.spec.runStrategy).toBe('Always');
  expect(await send('PUT', vmAction('web', 'restart'), body(0))).toMatchObject(accepted);
  await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== after.metadata.uid && status?.phase === 'Running',
  );
});

test.each([
  ['Always', 'start', 'Always does not support manual start requests'],
  ['Once', 'start', 'Once does not support manual start requests'],
  ['Once', 'restart', 'RunStategy Once does not support manual restart requests'],
  ['Halted', 'restart', 'RunStategy Halted does not support manual restart requests'],
  ['Manual', 'restart', 'VM is not running: Halted'],
  ['Manual', 'stop', 'VM is not running'],
  ['RerunOnFailure', 'stop', 'VM is not running'],
])('a %s VM without an instance refuses to %s', async (runStrategy, action, why) => {
  const { client, send } = await startCluster();
  // Its disk waits for a source that does not exist, so no strategy makes an instance.
  await client.create(
    virtualMachines,
    plainVm('web', {
      runStrategy,
      change(vm) {
        const template = { metadata: { name: 'never' }, spec: neverReady };
        vm.spec.dataVolumeTemplates = [template];
        const spec = vm.spec.template.spec;
        if (!spec) return;
        spec.volumes = [{ name: 'root', dataVolume: { name: 'never' } }];
        spec.domain.devices.disks = [{ name: 'root', disk: {} }];
      },
    }),
  );
  await untilVm(client, 'web', 'Provisioning');
  expect(await send('PUT', vmAction('web', action))).toMatchObject(vmConflict('web', why));
});

/** A disk whose source does not exist. */
const neverReady = {
  sourceRef: { kind: 'DataSource', name: 'absent' },
  storage: { resources: { requests: { storage: '64Mi' } } },
};

test('a request that has not been met refuses the next, but not a stop', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await running(cluster, 'web-ignores-shutdown', 'Manual');
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'restart'))).toMatchObject(accepted);
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'restart'))).toMatchObject({
    code: 500,
    body: {
      reason: 'InternalError',
      message: 'Internal error occurred: unable to complete request: stop/start already underway',
    },
  });
  const now = { body: { gracePeriod: 0 } };
  expect(await send('PUT', vmAction('web-ignores-shutdown', 'stop'), now)).toMatchObject(accepted);
  const key = { namespace: 'default', name: 'web-ignores-shutdown' };
  await untilGone(client, virtualMachineInstances, key);
  await untilVm(
    client,
    'web-ignores-shutdown',
    ({ status }) => status?.printableStatus === 'Stopped' && !status.stateChangeRequests,
  );
});
