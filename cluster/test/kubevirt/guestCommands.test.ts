import { expect, test } from 'vitest';

import {
  kubeVirts,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { accepted, done, eventReasons, running, vmiConflict } from './virtApi.ts';
import { find, untilVm, untilVmi } from './watching.ts';

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
  // The control plane says this as long as a snapshot locks the VM.
  const snapshotInProgress = async (name: string | null) => {
    const body = { status: { snapshotInProgress: name } };
    const key = { namespace: 'default', name: 'web' };
    await client.patch(virtualMachines, key, { type: 'merge', body }, { subresource: 'status' });
  };
  await snapshotInProgress('nightly');
  expect(await send('PUT', vmiAction('web', 'unpause'))).toMatchObject(
    vmiConflict('web', 'VM snapshot is in progress'),
  );
  await snapshotInProgress(null);
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
    text: expect.stringContaining('VMI does not have guest agent connected') as string,
  });
});

test('freeze needs a time-out; the status tells that the file systems are frozen', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await running(cluster, 'web');
  const agentIs = (vmi: VirtualMachineInstance) =>
    vmi.status?.conditions?.some(({ type }) => type === 'AgentConnected') === true;
  await untilVmi(client, 'web', agentIs);
  const freeze = (body?: object) => send('PUT', vmiAction('web', 'freeze'), body && { body });
  expect(await freeze()).toMatchObject({
    code: 500,
    body: {
      message: expect.stringMatching(
        /code 400.*Unfreeze timeout in freeze request is not set/,
      ) as string,
    },
  });
  expect(await freeze({ unfreezeTimeout: '5m0s' })).toMatchObject(done);
  await untilVmi(client, 'web', ({ status }) => status?.fsFreezeStatus === 'frozen');
  expect(await send('PUT', vmiAction('web', 'unfreeze'))).toMatchObject(done);
  await untilVmi(client, 'web', ({ status }) => !status?.fsFreezeStatus);
  expect(await send('PUT', vmiAction('web', 'softreboot'))).toMatchObject(done);
  await expect.poll(() => eventReasons(cluster)).toContain('SoftRebooted');
});

test('a guest without an agent cannot be frozen, and tells nothing', async () => {
  const cluster = await startCluster();
  const { send } = cluster;
  await running(cluster, 'web-no-agent');
  const body = { unfreezeTimeout: '0s' };
  expect(await send('PUT', vmiAction('web-no-agent', 'freeze'), { body })).toMatchObject({
    code: 500,
    body: { message: expect.stringContaining('QEMU guest agent is not connected') as string },
  });
  await expect.poll(() => eventReasons(cluster)).toContain('FreezeError');
  for (const query of ['guestosinfo', 'userlist', 'filesystemlist']) {
    expect(await send('GET', vmiAction('web-no-agent', query))).toMatchObject({
      code: 500,
      text: 'Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web-no-agent": VMI does not have guest agent connected',
    });
  }
});

test('what depends on a feature gate or a device that is not there is refused', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await running(cluster, 'web');
  const bad = (message: string) => ({ code: 400, body: { message } });
  const graph = vmAction('web', 'objectgraph');
  expect(await send('GET', graph)).toMatchObject(
    bad('ObjectGraph feature gate not enabled: Unable to return object graph.'),
  );
  expect(await send('GET', vmiAction('web', 'vsock'))).toMatchObject(bad('VSOCK is not attached.'));
  expect(await send('GET', vmiAction('web', 'usbredir'))).toMatchObject(
    vmiConflict('web', 'Not configured with USB Redirection'),
  );
  expect(await send('GET', vmiAction('web', 'sev/fetchcertchain'))).toMatchObject(
    vmiConflict('web', 'Attestation not requested for VMI'),
  );
  const configuration = { developerConfiguration: { featureGates: ['ObjectGraph'] } };
  const key = { namespace: 'kubevirt', name: 'kubevirt' };
  await client.patch(kubeVirts, key, { type: 'merge', body: { spec: { configuration } } });
  const reply = await send('GET', graph);
  expect(reply).toMatchObject({
    code: 200,
    body: {
      objectReference: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' },
      children: [
        {
          objectReference: { kind: 'VirtualMachineInstance', namespace: 'default' },
          labels: { 'kubevirt.io/dependency-type': 'compute' },
          children: [{ objectReference: { kind: 'Pod', apiGroup: '' } }],
        },
      ],
    },
  });
});

test('what this cluster does not have answers 501 with its name', async () => {
  const { send } = await startCluster();
  expect(await send('PUT', vmiAction('web', 'backup'))).toMatchObject({
    code: 501,
    body: { reason: 'NotImplemented', message: expect.stringContaining('/backup') },
  });
});
