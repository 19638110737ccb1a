import { expect, test } from 'vitest';

import {
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { find, record, untilGone, untilVm, untilVmi } from './watching.ts';

/** What virt-api says of a conflict; it names resources in the singular. */
const conflict = (resource: string, name: string, why: string) => ({
  code: 409,
  body: {
    kind: 'Status',
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resource}.kubevirt.io "${name}": ${why}`,
  },
});
const vmConflict = (name: string, why: string) => conflict('virtualmachine', name, why);
const vmiConflict = (name: string, why: string) => conflict('virtualmachineinstance', name, why);

const accepted = { code: 202, text: '' };
const done = { code: 200, text: '' };

async function running({ client, send }: TestCluster, name: string, runStrategy = 'Always') {
  await client.create(virtualMachines, plainVm(name, { runStrategy }));
  if (runStrategy === 'Manual') {
    await untilVm(client, name, 'Stopped');
    await send('PUT', vmAction(name, 'start'));
    await untilVm(client, name, ({ status }) => !status?.stateChangeRequests);
  }
  return untilVmi(client, name, 'Running');
}

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

async function eventReasons({ send }: TestCluster): Promise<string[]> {
  const { body } = await send('GET', '/api/v1/namespaces/default/events');
  return (body['items'] as { reason: string }[]).map(({ reason }) => reason);
}

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
  const vm = await untilVm(client, 'web-ignores-shutdown', 'Stopped');
  expect(vm.status?.stateChangeRequests).toBeUndefined();
});

test('pause, unpause and reset act on the guest; the conditions follow', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await running(cluster, 'web');
  expect(await send('PUT', vmiAction('web', 'unpause'))).toMatchObject(
    vmiConflict('web', 'VMI is not paused'),
  );
  const dry = { body: { dryRun: ['All'] } };
  expect(await send('PUT', vmiAction('web', 'pause'), dry)).toMatchObject(done);
  expect(await send('PUT', vmiAction('web', 'pause'))).toMatchObject(done);
  const paused = await untilVm(
    client,
    'web',
    ({ status }) => status?.printableStatus === 'Paused' && status.ready === false,
  );
  expect(paused.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Paused',
      status: 'True',
      reason: 'PausedByUser',
      message: 'VMI was paused by user',
    }),
  );
  expect(await send('PUT', vmiAction('web', 'pause'))).toMatchObject(
    vmiConflict('web', 'VMI is already paused'),
  );
  expect(await send('PUT', vmiAction('web', 'unpause'))).toMatchObject(done);
  const unpaused = await untilVm(
    client,
    'web',
    ({ status }) => status?.printableStatus === 'Running' && status.ready === true,
  );
  expect(unpaused.status?.conditions?.map(({ type }) => type)).not.toContain('Paused');
  expect(await send('PUT', vmiAction('web', 'reset'))).toMatchObject(done);
  await expect
    .poll(() => eventReasons(cluster))
    .toEqual(expect.arrayContaining(['Paused', 'Unpaused', 'Reset']));
});

test('what has no instance is not found; dry runs change nothing', async () => {
  const { client, send } = await startCluster();
  expect(await send('PUT', vmAction('absent', 'start'))).toMatchObject({
    code: 404,
    body: { reason: 'NotFound', message: 'virtualmachine.kubevirt.io "absent" not found' },
  });
  expect(await send('PUT', vmiAction('absent', 'pause'))).toMatchObject({
    code: 404,
    body: { message: 'virtualmachineinstance.kubevirt.io "absent" not found' },
  });
  await client.create(virtualMachines, plainVm('web', { runStrategy: 'Halted' }));
  const { metadata } = await untilVm(client, 'web', 'Stopped');
  const dry = { body: { dryRun: ['All'] } };
  expect(await send('PUT', vmAction('web', 'start'), dry)).toMatchObject(accepted);
  expect((await find(client, virtualMachines, 'web'))?.metadata.resourceVersion).toBe(
    metadata.resourceVersion,
  );
});

test('an instance that waits for a node refuses what needs a guest', async () => {
  const { client, send } = await startCluster();
  const change = (vm: { spec: VirtualMachine['spec'] }) => {
    if (vm.spec.template.spec) vm.spec.template.spec.nodeSelector = { rack: 'none' };
  };
  await client.create(virtualMachines, plainVm('web', { change }));
  await untilVm(client, 'web', 'ErrorUnschedulable');
  expect(await send('PUT', vmiAction('web', 'pause'))).toMatchObject(
    vmiConflict('web', 'VM is not running'),
  );
  expect(await send('PUT', vmiAction('web', 'unpause'))).toMatchObject(
    vmiConflict('web', 'VMI is not running'),
  );
  expect(await send('PUT', vmiAction('web', 'reset'))).toMatchObject({
    code: 500,
    body: { message: expect.stringContaining('Failed to reset non-running VMI with phase') },
  });
  for (const stream of ['vnc', 'console']) {
    expect(await send('GET', vmiAction('web', stream))).toMatchObject({
      code: 400,
      body: { message: 'VMI is not running' },
    });
  }
  const url = vmiAction('web', 'guestosinfo');
  expect(await send('GET', url)).toMatchObject({ code: 500, body: {} });
});

test('a guest without devices has no consoles, and says so', async () => {
  const { client, send } = await startCluster();
  const change = (vm: { spec: VirtualMachine['spec'] }) => {
    const devices = vm.spec.template.spec?.domain.devices;
    if (devices) Object.assign(devices, { autoattachGraphicsDevice: false });
    if (devices) Object.assign(devices, { autoattachSerialConsole: false });
  };
  await client.create(virtualMachines, plainVm('web-no-agent', { change }));
  await untilVmi(client, 'web-no-agent', 'Running');
  expect(await send('GET', vmiAction('web-no-agent', 'vnc'))).toMatchObject({
    code: 400,
    body: { message: 'No graphics devices are present.' },
  });
  expect(await send('GET', vmiAction('web-no-agent', 'console'))).toMatchObject({
    code: 400,
    body: { message: 'No serial consoles are present.' },
  });
  expect(await send('GET', vmiAction('web-no-agent', 'guestosinfo'))).toMatchObject({
    code: 500,
    text: 'VMI does not have guest agent connected',
  });
});

test('what this cluster does not have answers 501 with its name', async () => {
  const { send } = await startCluster();
  const absent = [
    ...['migrate', 'addvolume', 'removevolume', 'memorydump', 'removememorydump'].map(
      (action) => ['PUT', vmAction('web', action)] as const,
    ),
    ['PUT', vmAction('web', 'evacuate/cancel')] as const,
    ['GET', vmAction('web', 'expand-spec')] as const,
    ...['freeze', 'unfreeze', 'softreboot', 'addvolume', 'removevolume', 'backup'].map(
      (action) => ['PUT', vmiAction('web', action)] as const,
    ),
    ...['userlist', 'filesystemlist', 'usbredir', 'vsock'].map(
      (action) => ['GET', vmiAction('web', action)] as const,
    ),
  ];
  for (const [method, url] of absent) {
    const action = url.split('/web/')[1] ?? '';
    expect(await send(method, url), url).toMatchObject({
      code: 501,
      body: { reason: 'NotImplemented', message: expect.stringContaining(`/${action}`) },
    });
  }
});
