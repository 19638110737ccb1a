import { beforeAll, expect, test } from 'vitest';

import { networkAttachments } from '../../src/multus/resources.ts';
import { type VirtualMachineInstance, virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { createMicro, Shell } from './microGuests.ts';
import { addNetworks, network } from './networks.ts';
import { bootPatienceMs, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const inDefault = (name: string) => ({ namespace: 'default', name });

/** The address is its own to give: nobody does so on the segment. */
const takeAddress = (address: string) =>
  `{ [ -e /sys/class/net/eth1 ] && ! pidof udhcpc && ip addr replace ${address}/24 dev eth1; }`;

const hasSecond = ({ status }: VirtualMachineInstance) =>
  status?.interfaces?.some(
    ({ name, infoSource }) => name === 'blue' && infoSource?.includes('domain'),
  ) ?? false;

test('guests on two nodes talk over a network that is plugged in, also after one moved', async () => {
  const cluster = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
    nodes: 2,
  });
  const { client, send } = cluster;
  await client.create(networkAttachments, network('blue'));
  await createMicro(cluster, 'one');
  const { status } = await untilVmi(client, 'one', 'Running', bootPatienceMs);
  const home = status?.nodeName;
  const away = home === 'node-1' ? 'node-2' : 'node-1';
  await createMicro(cluster, 'two', { node: away, networks: { blue: 'blue' } });
  const one = await Shell.open(cluster, 'one');

  // Plugged in while the guest runs.
  const vm = await client.get(virtualMachines, inDefault('one'));
  addNetworks(vm, { blue: 'blue' });
  const { spec } = vm.spec.template;
  await client.patch(virtualMachines, vm.metadata, {
    type: 'merge',
    body: { spec: { template: { spec } } },
  });
  const plugged = await untilVmi(client, 'one', hasSecond, bootPatienceMs);
  const isWarned = (await client.get(virtualMachines, inDefault('one'))).status?.conditions?.some(
    ({ type }) => type === 'RestartRequired',
  );
  expect(isWarned ?? false).toBe(false);
  await one.until(takeAddress('10.77.0.1'));

  const two = await Shell.open(cluster, 'two');
  await two.until(takeAddress('10.77.0.2'));
  // Its first attempt at DHCP may have taken the address away again.
  await one.until('{ ip addr replace 10.77.0.1/24 dev eth1; ping -c 1 -W 1 10.77.0.2; }');
  // The web server of the other, over TCP.
  await two.until('wget -q -O - http://10.77.0.1/cgi-bin/index.cgi');

  expect(await send('PUT', vmAction('one', 'migrate'))).toMatchObject({ code: 202 });
  await untilVmi(
    client,
    'one',
    (now) => now.status?.nodeName === away && now.status.migrationState?.completed === true,
    bootPatienceMs,
  );
  await two.until('ping -c 1 -W 1 10.77.0.1');
  const moved = await Shell.open(cluster, 'one', true);
  await moved.until('ping -c 1 -W 1 10.77.0.2');

  // Its cable, then the interface itself.
  const change = async (state: 'down' | 'absent') => {
    const now = await client.get(virtualMachines, inDefault('one'));
    const nic = now.spec.template.spec?.domain.devices.interfaces?.find(
      ({ name }) => name === 'blue',
    );
    if (nic) nic.state = state;
    await client.update(virtualMachines, now);
  };
  await change('down');
  await moved.until('[ "$(cat /sys/class/net/eth1/carrier)" = 0 ]');
  await change('absent');
  await moved.until('[ ! -e /sys/class/net/eth1 ]');
  await untilVm(client, 'one', ({ spec }) => spec.template.spec?.networks?.length === 1);
  expect(plugged.status?.interfaces?.[1]?.podInterfaceName).toMatch(/^pod[0-9a-f]{11}$/);
}, 240_000);
