import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { networkAttachments } from '../../src/multus/resources.ts';
import type { VirtualMachine } from '../../src/kubevirt/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { addNetworks, network } from './networks.ts';
import { eventsOf, until, untilVm, untilVmi } from './watching.ts';

const web = { namespace: 'default', name: 'web' };
const url = '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions';
const podName = (name: string) =>
  `pod${createHash('sha256').update(name).digest('hex').slice(0, 11)}`;

type Spec = NonNullable<VirtualMachine['spec']['template']['spec']>;

/** Changes the spec of the VM `web` as a user does who reads it and writes it back. */
async function change({ client }: TestCluster, edit: (spec: Spec) => void): Promise<void> {
  const vm = await client.get(virtualMachines, web);
  const { spec } = vm.spec.template;
  if (spec) edit(spec);
  // Without a resourceVersion: its controller may write to it meanwhile.
  await client.patch(virtualMachines, web, {
    type: 'merge',
    body: { spec: { template: { spec } } },
  });
}

function plug(spec: Spec, name: string, networkName: string): void {
  spec.networks?.push({ name, multus: { networkName } });
  spec.domain.devices.interfaces?.push({ name, bridge: {} });
}

const nicOf = (spec: Spec, name: string) =>
  spec.domain.devices.interfaces?.find((nic) => nic.name === name);

async function running(cluster: TestCluster, networks: Record<string, string> = {}) {
  const vm = plainVm('web', { change: (draft) => addNetworks(draft, networks) });
  await cluster.client.create(virtualMachines, vm);
  return untilVmi(cluster.client, 'web', 'Running');
}

const annotationsOf = async ({ client }: TestCluster) => {
  const { items } = await client.list(pods, { namespace: 'default' });
  const of = (key: string) =>
    JSON.parse(items[0]?.metadata.annotations?.[`k8s.v1.cni.cncf.io/${key}`] ?? '[]') as object[];
  return { networks: of('networks'), status: of('network-status') };
};

const restartText = ({ status }: VirtualMachine) =>
  status?.conditions?.find(({ type }) => type === 'RestartRequired')?.message;

test('a network is checked when it is written, and one that no guest can use is told', async () => {
  const { send } = await startCluster();
  const body = network('blue');
  expect(await send('POST', url, { body })).toMatchObject({ code: 201 });
  const broken = { ...network('broken'), spec: { config: '{"type": "bridge"' } };
  expect(await send('POST', url, { body: broken })).toMatchObject({
    code: 422,
    body: { message: expect.stringContaining('error parsing configuration') as unknown },
  });
  expect(await send('POST', url, { body: network('mac', { type: 'macvlan' }) })).toMatchObject({
    code: 201,
  });
});

test('a VM starts on its networks, and its pod tells of them', async () => {
  const cluster = await startCluster();
  await cluster.client.create(networkAttachments, network('blue'));
  const vmi = await running(cluster, { second: 'blue' });
  expect(vmi.status?.interfaces).toMatchObject([
    { name: 'default', podInterfaceName: 'eth0', infoSource: 'domain' },
    {
      name: 'second',
      podInterfaceName: podName('second'),
      infoSource: 'domain, multus-status',
      linkState: 'up',
    },
  ]);
  expect(vmi.status?.interfaces?.[1]).not.toHaveProperty('ipAddress');
  const { networks, status } = await annotationsOf(cluster);
  expect(networks).toEqual([{ name: 'blue', namespace: 'default', interface: podName('second') }]);
  expect(status).toMatchObject([
    { interface: 'eth0', default: true, ips: [vmi.status?.interfaces?.[0]?.ipAddress] },
    { name: 'default/blue', interface: podName('second') },
  ]);
});

test.each([
  [
    'that is not there',
    undefined,
    'network-attachment-definitions.k8s.cni.cncf.io "blue" not found',
  ],
  ['of another plug-in', { type: 'macvlan' }, 'failed to find plugin "macvlan" in path'],
])('a VM on a network %s waits, and its pod says why', async (_what, config, text) => {
  const cluster = await startCluster();
  const { client } = cluster;
  if (config) await client.create(networkAttachments, network('blue', config));
  const vm = plainVm('web', { change: (draft) => addNetworks(draft, { second: 'blue' }) });
  await client.create(virtualMachines, vm);
  await untilVmi(client, 'web', 'Scheduling');
  const { items } = await client.list(pods, { namespace: 'default' });
  const [pod] = items;
  if (!pod) throw new Error('there is no pod');
  await expect
    .poll(async () => (await eventsOf(client, pod)).map(({ message }) => message).join('\n'))
    .toContain(text);
  if (config)
    await client.update(networkAttachments, {
      ...(await client.get(networkAttachments, { ...web, name: 'blue' })),
      spec: network('blue').spec ?? {},
    });
  else await client.create(networkAttachments, network('blue'));
  await untilVmi(client, 'web', 'Running');
});

test('an interface is plugged in and taken out while the guest runs', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  await client.create(networkAttachments, network('blue'));
  await running(cluster);
  await change(cluster, (spec) => plug(spec, 'second', 'blue'));
  const plugged = await untilVmi(client, 'web', ({ status }) =>
    Boolean(status?.interfaces?.some(({ infoSource }) => infoSource === 'domain, multus-status')),
  );
  expect(plugged.spec.networks).toContainEqual({ name: 'second', multus: { networkName: 'blue' } });
  expect(restartText(await client.get(virtualMachines, web))).toBeUndefined();

  await change(cluster, (spec) => Object.assign(nicOf(spec, 'second') ?? {}, { state: 'down' }));
  await untilVmi(client, 'web', ({ status }) => status?.interfaces?.[1]?.linkState === 'down');
  await change(cluster, (spec) => Object.assign(nicOf(spec, 'second') ?? {}, { state: 'absent' }));
  const vm = await untilVm(client, 'web', ({ spec }) => spec.template.spec?.networks?.length === 1);
  expect(vm.spec.template.spec?.domain.devices.interfaces).toHaveLength(1);
  const after = await untilVmi(client, 'web', ({ status }) => status?.interfaces?.length === 1);
  expect(after.spec.domain.devices.interfaces).toHaveLength(1);
  await expect.poll(async () => (await annotationsOf(cluster)).networks).toEqual([]);
  expect(restartText(await client.get(virtualMachines, web))).toBeUndefined();
  // Its name is free for another one.
  await change(cluster, (spec) => plug(spec, 'second', 'blue'));
  await untilVmi(client, 'web', ({ status }) => status?.interfaces?.length === 2);
});

test('what was plugged in goes again when its entry is taken back by a restart alone', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  await client.create(networkAttachments, network('blue'));
  await running(cluster, { second: 'blue' });
  await change(cluster, (spec) => {
    spec.networks?.pop();
    spec.domain.devices.interfaces?.pop();
  });
  const vm = await untilVm(client, 'web', (now) => restartText(now) !== undefined);
  expect(restartText(vm)).toBe('a non-live-updatable field was changed in the template spec');
});

test.each<[string, (spec: Spec) => void]>([
  ['a changed model', (spec) => Object.assign(nicOf(spec, 'second') ?? {}, { model: 'e1000' })],
  [
    'a masqueraded interface more',
    (spec) => Object.assign(nicOf(spec, 'default') ?? {}, { ports: [{ port: 8080 }] }),
  ],
])('%s needs a restart', async (_what, edit) => {
  const cluster = await startCluster();
  await cluster.client.create(networkAttachments, network('blue'));
  await running(cluster, { second: 'blue' });
  await change(cluster, edit);
  await untilVm(cluster.client, 'web', (vm) => restartText(vm) !== undefined);
});

test('an absent interface of a VM that is stopped goes at once', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  const vm = plainVm('web', {
    runStrategy: 'Halted',
    change: (draft) => addNetworks(draft, { second: 'blue' }),
  });
  await client.create(virtualMachines, vm);
  await change(cluster, (spec) => Object.assign(nicOf(spec, 'second') ?? {}, { state: 'absent' }));
  await untilVm(client, 'web', ({ spec }) => spec.template.spec?.networks?.length === 1);
});

test('another network moves the guest to a node where it has that', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  await client.create(networkAttachments, network('blue'));
  await client.create(networkAttachments, network('red', { bridge: 'br2' }));
  const first = await running(cluster, { second: 'blue' });
  await change(cluster, (spec) => {
    const second = spec.networks?.find(({ name }) => name === 'second');
    if (second) second.multus = { networkName: 'red' };
  });
  const moved = await until(
    client,
    virtualMachineInstances,
    web,
    ({ status }) => status?.migrationState?.endTimestamp !== undefined,
  );
  expect(moved.status?.nodeName).not.toBe(first.status?.nodeName);
  expect(cluster.cluster.guestOf(moved)?.spec.interfaces[1]?.segment?.name).toBe('br2');
  const settled = await untilVmi(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.every(({ type }) => type !== 'MigrationRequired')),
  );
  expect(settled.spec.networks?.[1]?.multus?.networkName).toBe('red');
});
