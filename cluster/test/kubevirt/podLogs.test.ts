import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { adminToken, startCluster, vmAction } from './clusterFixture.ts';
import { listenOnce } from './listenOnce.ts';
import { plainVm } from './manifests.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { untilVm, untilVmi } from './watching.ts';

/** A launcher pod of a simulated guest, whose log files the test writes as QEMU would. */
async function launcher() {
  const made = await startCluster();
  const { client, dataDir } = made;
  await client.create(virtualMachines, plainVm('web'));
  const vmi = await untilVmi(client, 'web', 'Running');
  const { items } = await client.list(pods, { namespace: 'default' });
  const name = items[0]?.metadata.name ?? '';
  const folder = join(dataDir, 'nodes', 'node-1', 'guests', vmi.metadata.uid);
  await mkdir(folder, { recursive: true });
  return {
    ...made,
    name,
    url: `/api/v1/namespaces/default/pods/${name}/log`,
    serialLog: join(folder, 'serial.log'),
    launcherLog: join(folder, 'launcher.log'),
  };
}

test('the log of a launcher pod is what its guest and its launcher wrote', async () => {
  const { send, url, name, serialLog, launcherLog } = await launcher();
  await writeFile(serialLog, 'one\ntwo\nthree\n');
  await writeFile(launcherLog, 'qemu-system-x86_64 -S\n');
  const read = async (query: string) => (await send('GET', `${url}?${query}`)).text;
  expect(await read('container=compute')).toBe('qemu-system-x86_64 -S\n');
  expect(await read('container=guest-console-log')).toBe('one\ntwo\nthree\n');
  expect(await read('container=guest-console-log&tailLines=2')).toBe('two\nthree\n');
  expect(await read('container=guest-console-log&tailLines=0')).toBe('');
  expect(await read('container=guest-console-log&tailLines=9')).toBe('one\ntwo\nthree\n');
  expect(await read('container=guest-console-log&limitBytes=5')).toBe('one\nt');
  const refusals = [
    ['', 400, `a container name must be specified for pod ${name}`],
    ['container=other', 400, `container other is not valid for pod ${name}`],
    ['container=compute&previous=true', 400, 'previous terminated container "compute"'],
    ['container=compute&tailLines=x', 400, 'tailLines must be a whole number'],
    ['container=compute&timestamps=true', 501, 'timestamps'],
  ] as const;
  for (const [query, code, message] of refusals) {
    expect(await send('GET', `${url}?${query}`), query).toMatchObject({
      code,
      body: { message: expect.stringContaining(message) as string },
    });
  }
  await rm(launcherLog);
  expect(await read('container=compute')).toBe('');
});

test('a pod without a node has no log yet', async () => {
  const { client, send } = await startCluster();
  const change = (vm: ReturnType<typeof plainVm>) => {
    if (vm.spec.template.spec) vm.spec.template.spec.nodeSelector = { rack: 'none' };
  };
  await client.create(virtualMachines, plainVm('web', { change }));
  await untilVm(client, 'web', 'ErrorUnschedulable');
  const { items } = await client.list(pods, { namespace: 'default' });
  const url = `/api/v1/namespaces/default/pods/${items[0]?.metadata.name ?? ''}/log`;
  expect(await send('GET', `${url}?container=compute`)).toMatchObject({
    code: 400,
    body: { message: expect.stringContaining('is waiting to start') as string },
  });
});

test('a followed log goes on as the guest writes, and ends with the guest', async () => {
  const { cluster, send, url, serialLog } = await launcher();
  await writeFile(serialLog, 'one\n');
  const { url: origin } = await listenOnce(cluster.api);
  const path = `${origin}${url}?container=guest-console-log&follow=true`;
  const options = {
    headers: { authorization: `Bearer ${adminToken}` },
    ca: cluster.api.certificateAuthority,
  };
  let text = '';
  const ended = new Promise<void>((resolve, reject) => {
    get(path, options, (response) => {
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', resolve);
    }).on('error', reject);
  });
  await expect.poll(() => text).toBe('one\n');
  await appendFile(serialLog, 'two\n');
  await expect.poll(() => text).toBe('one\ntwo\n');
  // The log is cut when it is too long; what comes after is new.
  await writeFile(serialLog, '');
  await appendFile(serialLog, 'x\n');
  await expect.poll(() => text).toBe('one\ntwo\nx\n');
  await send('PUT', vmAction('web', 'stop'));
  await ended;
  expect(text).toBe('one\ntwo\nx\n');
});

test('the log of a component is what it did, by a pod of it', async () => {
  const { kubectl, client, send } = await startWithKubectl();
  await client.create(virtualMachines, plainVm('web'));
  await untilVmi(client, 'web', 'Running');
  const logged = (workload: string) => kubectl('logs', '-n', 'kubevirt', workload);
  const lineOf = (fields: object) => expect.objectContaining(fields) as unknown;
  const linesOf = async (workload: string) =>
    (await logged(workload))
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
  const name = 'web';
  await expect
    .poll(() => linesOf('deploy/virt-controller'))
    .toContainEqual(
      lineOf({ component: 'virt-controller', name, msg: 'Created VirtualMachineInstance' }),
    );
  expect(await linesOf('deploy/virt-controller')).toContainEqual(
    lineOf({ level: 'info', name, reason: 'SuccessfulCreate', kind: 'VirtualMachine' }),
  );
  await expect
    .poll(() => linesOf('ds/virt-handler'))
    .toContainEqual(lineOf({ component: 'virt-handler', name, reason: 'Started' }));
  await send('PUT', vmAction('nobody', 'stop'));
  await expect
    .poll(() => linesOf('deploy/virt-api'))
    .toContainEqual(lineOf({ level: 'error', statusCode: 404, username: 'admin' }));
});
