import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { beforeAll, expect, onTestFinished, test } from 'vitest';

import { endpointSlices, networkPolicies, services } from '../../src/client/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { createMicro, isUp, Shell } from './microGuests.ts';
import { bootPatienceMs, until, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

/** A page on this machine, which is outside for a guest. */
async function outside(): Promise<number> {
  const server = createServer((_, answer) => answer.end('from outside'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('guests reach one another, services by address and name, and what is outside, as policies let them', async () => {
  const cluster = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
    nodes: 2,
  });
  const { client, send } = cluster;
  const page = await outside();
  await createMicro(cluster, 'two', { labels: { app: 'web' } });
  const { status } = await untilVmi(client, 'two', 'Running', bootPatienceMs);
  const away = status?.nodeName === 'node-1' ? 'node-2' : 'node-1';
  await createMicro(cluster, 'one', { node: away });
  await client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] },
  });
  const inside = (vmi: Awaited<ReturnType<typeof untilVmi>>) => {
    const [loopback = '', other = ''] = vmi.status?.interfaces?.[0]?.ipAddresses ?? [];
    expect(other).toBe(loopback.replace(/^127/, '10'));
    return other;
  };
  const addressOfTwo = inside(await untilVmi(client, 'two', isUp, bootPatienceMs));
  const addressOfOne = inside(await untilVmi(client, 'one', isUp, bootPatienceMs));
  const one = await Shell.open(cluster, 'one');
  const two = await Shell.open(cluster, 'two');

  await one.until(`ping -c 1 -W 1 ${addressOfTwo}`);
  await two.until(`ping -c 1 -W 1 ${addressOfOne}`);
  await one.until(`wget -q -O - http://${addressOfTwo}/cgi-bin/index.cgi | grep '<title>two<'`);

  const { spec } = await until(client, services, { namespace: 'default', name: 'web' }, () => true);
  const clusterIp = (spec.clusterIP ?? '').replace(/^127/, '10');
  await one.until(`wget -q -O - http://${clusterIp}:8080/cgi-bin/index.cgi | grep '<title>two<'`);
  await one.until(
    `wget -q -O - http://web.default.svc.cluster.local:8080/cgi-bin/index.cgi | grep '<title>two<'`,
  );
  // A guest may be its own service's.
  await two.until(`wget -q -O - http://${clusterIp}:8080/cgi-bin/index.cgi | grep '<title>two<'`);
  await one.until(`! nslookup none.default.svc.cluster.local`);
  // An endpoint may be a program on this machine.
  await client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'outside' },
    spec: { ports: [{ port: 80 }] },
  });
  await client.create(endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: 'default',
      name: 'outside-1',
      labels: { 'kubernetes.io/service-name': 'outside' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'] }],
    ports: [{ name: '', port: page, protocol: 'TCP' }],
  });
  await one.until(`wget -q -O - http://outside.default.svc.cluster.local | grep 'from outside'`);
  await one.until(`wget -q -O - http://10.0.2.2:${page} | grep 'from outside'`);

  // Policies decide about what comes to a guest and what leaves it, and this machine may always speak to it.
  const page80 = (address: string) =>
    `timeout 3 wget -q -O - http://${address}/cgi-bin/index.cgi | grep '<title>two<'`;
  const policy = (name: string, spec: object) =>
    client.create(networkPolicies, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'default', name },
      spec: { podSelector: { matchLabels: { app: 'web' } }, ...spec },
    });
  await policy('closed', {});
  await one.until(`! ping -c 1 -W 1 ${addressOfTwo}`);
  await one.until(`! ${page80(addressOfTwo)}`);
  await one.until(`! ${page80(`${clusterIp}:8080`)}`);
  await two.until(`ping -c 1 -W 1 ${addressOfOne}`);
  const fromHere = await fetch(`http://${addressOfTwo.replace(/^10/, '127')}/cgi-bin/index.cgi`);
  expect(await fromHere.text()).toContain('<title>two<');
  await policy('web', { ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] });
  await one.until(page80(addressOfTwo));
  await one.until(page80(`${clusterIp}:8080`));
  await one.until(`! ping -c 1 -W 1 ${addressOfTwo}`);
  const ofOne = { podSelector: { matchLabels: { 'vm.kubevirt.io/name': 'one' } } };
  await policy('silent', { ...ofOne, policyTypes: ['Egress'] });
  await one.until(`! ${page80(addressOfTwo)}`);
  await one.until(`wget -q -O - http://10.0.2.2:${page} | grep 'from outside'`);
  for (const name of ['closed', 'web', 'silent'])
    await client.delete(networkPolicies, { namespace: 'default', name });
  await one.until(`ping -c 1 -W 1 ${addressOfTwo}`);

  // Moved to the other node, it has another address there, and the service finds it.
  expect(await send('PUT', vmAction('two', 'migrate'))).toMatchObject({ code: 202 });
  const moved = await untilVmi(
    client,
    'two',
    (now) => now.status?.nodeName === away && now.status.migrationState?.endTimestamp !== undefined,
    bootPatienceMs,
  );
  await one.until(`ping -c 1 -W 1 ${inside(moved)}`);
  await one.until(`wget -q -O - http://${clusterIp}:8080/cgi-bin/index.cgi | grep '<title>two<'`);
}, 240_000);
