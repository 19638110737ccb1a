import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { diskVm } from './manifests.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { find, untilVm, untilVmi } from './watching.ts';

/** The heading and the rows of a table, each as its cells. */
const cells = (table: string) =>
  table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s{2,}/).map((cell) => cell.trim()));

test('kubectl applies a VM, waits for it and shows it in columns', async () => {
  const { client, dataDir, kubectl } = await startWithKubectl();
  const file = join(dataDir, 'vm.json');
  await writeFile(file, JSON.stringify(diskVm('web')));
  expect(await kubectl('apply', '-f', file)).toBe('virtualmachine.kubevirt.io/web created\n');
  expect(await kubectl('wait', '--for=condition=Ready', 'vm/web', '--timeout=15s')).toBe(
    'virtualmachine.kubevirt.io/web condition met\n',
  );
  expect(await kubectl('apply', '-f', file)).toBe('virtualmachine.kubevirt.io/web unchanged\n');
  const vmi = await untilVmi(client, 'web', 'Running');
  const address = vmi.status?.interfaces?.[0]?.ipAddress ?? '';
  const show = async (...what: string[]) => cells(await kubectl('get', ...what));

  expect(await show('vm', '-A')).toEqual([
    ['NAMESPACE', 'NAME', 'AGE', 'STATUS', 'READY'],
    ['default', 'web', expect.stringMatching(/^\d+s$/), 'Running', 'True'],
  ]);
  expect(await show('vmi')).toEqual([
    ['NAME', 'AGE', 'PHASE', 'IP', 'NODENAME', 'READY'],
    ['web', expect.stringMatching(/^\d+s$/), 'Running', address, 'node-1', 'True'],
  ]);
  expect((await show('dv'))[0]).toEqual(['NAME', 'PHASE', 'PROGRESS', 'RESTARTS', 'AGE']);
  expect((await show('dv'))[1]?.slice(0, 3)).toEqual(['web-root', 'Succeeded', '100.0%']);
  const [heading, launcher] = await show('pods', '-o', 'wide');
  expect(heading?.slice(0, 7)).toEqual([
    ...['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE'],
  ]);
  expect(launcher?.[0]).toMatch(/^virt-launcher-web-/);
  expect(launcher?.slice(1, 4)).toEqual(['2/2', 'Running', '0']);
  expect(launcher?.slice(5, 7)).toEqual([address, 'node-1']);
  expect((await show('nodes'))[1]).toEqual([
    'node-1',
    'Ready',
    expect.stringContaining('control-plane'),
    expect.anything(),
    expect.stringMatching(/^v1\.\d+/),
  ]);
  expect(await kubectl('get', 'vm,vmi,pods', '-o', 'name')).toContain(
    'virtualmachine.kubevirt.io/web',
  );
  expect(await kubectl('describe', 'vm', 'web')).toContain('SuccessfulCreate');
  expect(await kubectl('get', 'crd', 'virtualmachines.kubevirt.io', '-o', 'name')).toBe(
    'customresourcedefinition.apiextensions.k8s.io/virtualmachines.kubevirt.io\n',
  );
});

test('kubectl logs shows what the launcher and the guest wrote', async () => {
  const { client, dataDir, kubectl } = await startWithKubectl();
  await client.create(virtualMachines, diskVm('web'));
  const vmi = await untilVmi(client, 'web', 'Running');
  const folder = join(dataDir, 'nodes', 'node-1', 'guests', vmi.metadata.uid);
  await mkdir(folder, { recursive: true });
  await appendFile(join(folder, 'launcher.log'), 'started\n');
  await appendFile(join(folder, 'serial.log'), 'hello\nlogin:');
  const name = (await client.list(pods, { namespace: 'default' })).items[0]?.metadata.name ?? '';
  expect(await kubectl('logs', name)).toBe('started\n');
  expect(await kubectl('logs', name, '-c', 'guest-console-log', '--tail=1')).toBe('login:');
});

test('kubectl deletes a VM, and a namespace with all that is in it', async () => {
  const { client, dataDir, kubectl } = await startWithKubectl();
  await client.create(virtualMachines, diskVm('web'));
  await untilVm(client, 'web', 'Running');
  expect(await kubectl('delete', 'vm', 'web')).toContain('"web" deleted');
  expect(await find(client, virtualMachines, 'web')).toBeUndefined();

  await kubectl('create', 'namespace', 'team');
  const file = join(dataDir, 'vm.json');
  const vm = diskVm('web');
  await writeFile(file, JSON.stringify({ ...vm, metadata: { name: 'web', namespace: 'team' } }));
  await kubectl('apply', '-f', file);
  await kubectl('wait', '--for=condition=Ready', 'vm/web', '-n', 'team', '--timeout=15s');
  expect(await kubectl('delete', 'namespace', 'team', '--timeout=15s')).toContain('"team" deleted');
  await expect(kubectl('get', 'namespace', 'team')).rejects.toMatchObject({
    stderr: 'Error from server (NotFound): namespaces "team" not found\n',
  });
  expect(await kubectl('get', 'vm,vmi,dv,pvc,pv', '-A', '-o', 'name')).toBe('');
  expect(await kubectl('get', 'pods', '-n', 'default', '-o', 'name')).toBe('');
});
