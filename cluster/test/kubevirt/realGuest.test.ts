import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { adminToken, startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { listenOnce } from './listenOnce.ts';
import { diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, record, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

test('a viewer sees the screen until another comes; a plain GET disturbs nobody', async () => {
  const { client, cluster, send } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(virtualMachines, diskVm('web', { memory: '128Mi' }));
  await untilVmi(client, 'web', 'Running');
  const { url } = await listenOnce(cluster.api);
  const view = (stream: string) => {
    const socket = new WebSocket(`${url}${vmiAction('web', stream)}`, ['plain.kubevirt.io'], {
      headers: { authorization: `Bearer ${adminToken}` },
      ca: cluster.api.certificateAuthority,
    });
    onTestFinished(() => socket.terminate());
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const first = new Promise<Buffer>((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    return { socket, closed, first };
  };
  const one = view('vnc');
  expect((await one.first).toString('latin1')).toMatch(/^RFB 003\.008\n/);
  expect(one.socket.protocol).toBe('plain.kubevirt.io');
  expect(await send('GET', vmiAction('web', 'vnc'))).toMatchObject({ code: 400 });
  // The banner's answer gets the list of security types: the stream still goes both ways.
  const answer = new Promise<Buffer>((resolve) => one.socket.once('message', resolve));
  one.socket.send(Buffer.from('RFB 003.008\n'));
  expect((await answer)[0]).toBeGreaterThan(0);
  // Who asks to leave a viewer alone is refused while there is one.
  const polite = view('vnc?preserveSession=true');
  await expect(polite.first).rejects.toThrow('500');
  expect(one.socket.readyState).toBe(WebSocket.OPEN);
  const two = view('vnc');
  await two.first;
  await one.closed;
  expect(two.socket.readyState).toBe(WebSocket.OPEN);
  const screenshot = await send('GET', vmiAction('web', 'vnc/screenshot'));
  expect([screenshot.code, screenshot.text.slice(1, 4)]).toEqual([200, 'PNG']);
  await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } });
  await two.closed;
});

test('a guest boots from a boot source, tells of itself, and obeys its power button', async () => {
  const { client, send } = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const template = microDisk('web');
  await client.create(virtualMachines, diskVm('web', { template, memory: '256Mi' }));
  await untilVmi(
    client,
    'web',
    ({ status }) => status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false,
    bootPatienceMs,
  );
  expect(await send('GET', vmiAction('web', 'guestosinfo'))).toMatchObject({
    code: 200,
    body: { hostname: 'web', os: { id: expect.any(String) as string } },
  });
  const phases = await record(client, virtualMachineInstances, 'web', (vmi) => vmi.status?.phase);
  await send('PUT', vmAction('web', 'stop'));
  await untilVm(client, 'web', 'Stopped');
  // It went down by itself within its grace period; one that is killed fails.
  expect(phases).toContain('Succeeded');
  expect(phases).not.toContain('Failed');
});
