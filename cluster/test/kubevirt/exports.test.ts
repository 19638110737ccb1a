import { expect, test } from 'vitest';

import { secrets } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  type VirtualMachineExport,
  vmExports,
} from '../../src/kubevirt/virt-controller/export/resources.ts';
import { vmSnapshots } from '../../src/kubevirt/virt-controller/snapshot/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { eventsOf, until, untilGone, untilVm } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });
const vmRef = (name: string) => ({ apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name });

const exportOf = (name: string, source: VirtualMachineExport['spec']['source'], more = {}) => ({
  apiVersion: 'export.kubevirt.io/v1',
  kind: 'VirtualMachineExport',
  metadata: { name, namespace: 'default' },
  spec: { source, ...more },
});

const reason = ({ status }: VirtualMachineExport, wanted: string) =>
  status?.conditions?.find(({ type }) => type === wanted)?.reason;
const inPhase =
  (phase: string) =>
  ({ status }: VirtualMachineExport) =>
    status?.phase === phase;

test('a VM is offered for download while it is stopped, to who has the token', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  await untilVm(client, 'web', 'Running');
  await client.create(vmExports, exportOf('all', vmRef('web')));
  const paused = await until(client, vmExports, key('all'), inPhase('Pending'));
  expect(paused.status?.conditions).toEqual([
    expect.objectContaining({
      type: 'Ready',
      status: 'False',
      reason: 'InUse',
      message: 'Virtual Machine default/web is running',
    }),
  ]);
  await expect
    .poll(async () => (await eventsOf(client, paused)).map((event) => event.reason))
    .toContain('ExportPaused');
  await send('PUT', vmAction('web', 'stop'));
  const { status } = await until(client, vmExports, key('all'), inPhase('Ready'));
  expect(status).toMatchObject({
    virtualMachineName: 'web',
    tokenSecretRef: 'export-token-all',
  });
  const link = status?.links?.external;
  const [volume] = link?.volumes ?? [];
  expect(volume?.name).toBe('web-root');
  expect(volume?.formats?.map(({ format }) => format)).toEqual(['raw', 'gzip']);
  const raw = volume?.formats?.[0]?.url ?? '';
  expect(raw).toMatch(/\/virtualmachineexports\/all\/volumes\/web-root\/disk\.img$/);

  const secret = await client.get(secrets, key('export-token-all'));
  const token = Buffer.from(secret.data?.['token'] ?? '', 'base64').toString('utf8');
  const headers = { 'x-kubevirt-export-token': token };
  expect((await fetch(raw)).status).toBe(401);
  expect((await fetch(raw, { headers: { 'x-kubevirt-export-token': 'no' } })).status).toBe(401);
  expect((await fetch(raw, { headers })).status).toBe(200);
  expect((await fetch(`${raw}?x-kubevirt-export-token=${token}`)).status).toBe(200);
  expect((await fetch(raw.replace('web-root', 'other'), { headers })).status).toBe(404);

  const manifests = link?.manifests?.find(({ type }) => type === 'all')?.url ?? '';
  const list = (await (await fetch(manifests, { headers })).json()) as { items: object[] };
  expect(list.items).toMatchObject([
    { kind: 'VirtualMachine', metadata: { name: 'web' } },
    { kind: 'DataVolume', metadata: { name: 'web-root' }, spec: { source: { http: {} } } },
  ]);
  const header = link?.manifests?.find(({ type }) => type === 'auth-header-secret')?.url ?? '';
  const yaml = await fetch(header, { headers: { ...headers, accept: 'application/yaml' } });
  expect(await yaml.text()).toContain('name: header-secret-all');

  await send('PUT', vmAction('web', 'start'));
  await until(client, vmExports, key('all'), inPhase('Pending'));
  expect((await fetch(raw, { headers })).status).toBe(503);
});

test('a claim and a snapshot are offered; an export ends when its time is over', async () => {
  const { client, clock } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await untilVm(client, 'web', 'Stopped');
  const claim = { apiGroup: '', kind: 'PersistentVolumeClaim', name: 'web-root' };
  await client.create(vmExports, exportOf('claim', claim, { ttlDuration: '1h' }));
  const ofClaim = await until(client, vmExports, key('claim'), inPhase('Ready'));
  expect(reason(ofClaim, 'PVCReady')).toBe('PVCBound');
  expect(ofClaim.status?.links?.external?.manifests).toBeUndefined();

  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'before', namespace: 'default' },
    spec: { source: vmRef('web') },
  });
  const snapshot = {
    apiGroup: 'snapshot.kubevirt.io',
    kind: 'VirtualMachineSnapshot',
    name: 'before',
  };
  await client.create(vmExports, exportOf('snap', snapshot));
  const ofSnapshot = await until(client, vmExports, key('snap'), inPhase('Ready'));
  expect(reason(ofSnapshot, 'VolumesCreated')).toBe('AllPVCsReady');
  expect(ofSnapshot.status?.links?.external?.volumes?.[0]?.name).toBe('snap-root');

  await client.create(vmExports, exportOf('none', { ...claim, name: 'other' }));
  const missing = await until(client, vmExports, key('none'), inPhase('Pending'));
  expect(reason(missing, 'PVCReady')).toBe('PVCNotFound');

  clock.skip(61 * 60_000);
  await untilGone(client, vmExports, key('claim'));
  await client.get(vmExports, key('snap'));

  const wrong = { ...claim, apiGroup: 'apps' };
  await expect(client.create(vmExports, exportOf('x', wrong))).rejects.toThrow('invalid apiGroup');
});
