import { once } from 'node:events';
import { createServer } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import {
  endpoints,
  endpointSlices,
  events,
  pods,
  type Service,
  services,
} from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  startCluster,
  temporaryFolder,
  type TestCluster,
  vmAction,
  vmiAction,
} from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { until, untilVmi } from './watching.ts';

const web = { namespace: 'default', name: 'web' };
const url = '/api/v1/namespaces/default/services';

function service(spec: Partial<Service['spec']> = {}, name = 'web'): Draft<Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }], ...spec },
  };
}

test('a service has its cluster IP for life, and node ports while its type has them', async () => {
  const { client } = await startCluster();
  const made = await client.create(services, service());
  expect(made.spec.clusterIP).toMatch(/^127\.1(2[89]|3\d|4[0-3])\.\d+\.\d+$/);
  expect(made.spec).toMatchObject({
    clusterIPs: [made.spec.clusterIP],
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ipFamilies: ['IPv4'],
    internalTrafficPolicy: 'Cluster',
  });
  // Who writes it whole without the address keeps it.
  const { clusterIP, clusterIPs, ...rest } = made.spec;
  const exposed = await client.update(services, { ...made, spec: { ...rest, type: 'NodePort' } });
  expect(exposed.spec).toMatchObject({ clusterIP, clusterIPs });
  const [port] = exposed.spec.ports ?? [];
  expect(port?.nodePort).toBeGreaterThanOrEqual(30_000);
  const again = await client.update(services, {
    ...exposed,
    spec: { ...exposed.spec, ports: [{ port: 8080, targetPort: 81 }] },
  });
  expect(again.spec.ports?.[0]?.nodePort).toBe(port?.nodePort);
  const inside = await client.update(services, {
    ...again,
    spec: { ...again.spec, type: 'ClusterIP' },
  });
  expect(inside.spec.ports?.[0]).not.toHaveProperty('nodePort');
});

const mistakes: [string, Partial<Service['spec']>, string][] = [
  ['no ports', { ports: [] }, 'spec.ports: Required value'],
  [
    'two ports without names',
    { ports: [{ port: 1 }, { port: 2 }] },
    '[spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
  ],
  [
    'an address of somewhere else',
    { clusterIP: '10.96.0.9' },
    'spec.clusterIPs: Invalid value: []string{"10.96.0.9"}: failed to allocate IP 10.96.0.9: the provided IP (10.96.0.9) is not in the valid range. The range of valid IPs is 127.128.0.0/12',
  ],
  [
    'a node port without the type',
    { ports: [{ port: 1, nodePort: 30_001 }] },
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ],
  [
    'a node port that is too low',
    { type: 'NodePort', ports: [{ port: 1, nodePort: 80 }] },
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  ],
  [
    'an affinity that does not exist',
    { sessionAffinity: 'Cookie' },
    'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
  ],
  ['no external name', { type: 'ExternalName' }, 'spec.externalName: Required value'],
];

test('a service that breaks a rule is refused in the words of Kubernetes', async () => {
  const { send } = await startCluster();
  const said: Record<string, unknown> = {};
  for (const [mistake, spec] of mistakes) {
    const { code, body } = await send('POST', url, { body: service(spec) });
    said[mistake] = [code, body['message']];
  }
  expect(said).toEqual(
    Object.fromEntries(
      mistakes.map(([mistake, , text]) => [mistake, [422, `Service "web" is invalid: ${text}`]]),
    ),
  );
});

test('an address or node port that another service has is refused, and so is another address', async () => {
  const { client, send } = await startCluster();
  const first = await client.create(services, service({ type: 'NodePort' }));
  const { clusterIP = '' } = first.spec;
  const nodePort = first.spec.ports?.[0]?.nodePort ?? 0;
  const sameAddress = await send('POST', url, { body: service({ clusterIP }, 'other') });
  expect(sameAddress.body['message']).toMatch(/: provided IP is already allocated$/);
  const ports = [{ port: 1, nodePort }];
  const samePort = await send('POST', url, { body: service({ type: 'NodePort', ports }, 'other') });
  expect(samePort.body['message']).toBe(
    `Service "other" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  );
  const moved = { ...first, spec: { ...first.spec, clusterIP: '127.128.0.1' } };
  await expect(client.update(services, moved)).rejects.toThrow(
    'spec.clusterIPs[0]: Invalid value: []string{"127.128.0.1"}: may not change once set',
  );
});

test('many services that are made at once get an address and a port each', async () => {
  const { client } = await startCluster();
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      client.create(services, service({ type: 'NodePort' }, `web-${n}`)),
    ),
  );
  expect(new Set(made.map(({ spec }) => spec.clusterIP)).size).toBe(40);
  expect(new Set(made.map(({ spec }) => spec.ports?.[0]?.nodePort)).size).toBe(40);
});

/** Addresses of the service's ready endpoints. */
async function untilReady({ client }: TestCluster, count: number) {
  const [found] = (
    await client.list(endpointSlices, { labelSelector: 'kubernetes.io/service-name=web' })
  ).items;
  const name = found?.metadata.name ?? '';
  return until(client, endpointSlices, { namespace: 'default', name }, (slice) => {
    const ready = slice.endpoints.filter(({ conditions }) => conditions?.ready);
    return ready.length === count;
  });
}

test('endpoints follow the guests: there when they run, not ready when paused, gone when stopped', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  const vm = plainVm('web', {
    change({ spec }) {
      const devices = spec.template.spec?.domain.devices;
      if (!devices || !spec.template.spec) return;
      devices.interfaces = [
        { name: 'default', masquerade: {}, ports: [{ name: 'http', port: 8088 }] },
      ];
      spec.template.spec.networks = [{ name: 'default', pod: {} }];
    },
  });
  await client.create(virtualMachines, vm);
  await untilVmi(client, 'web', 'Running');
  await client.create(services, service({ ports: [{ port: 80, targetPort: 'http' }] }));
  const object = await until(client, endpoints, web, ({ subsets }) => subsets !== undefined);
  const [pod] = (await client.list(pods, { namespace: 'default' })).items;
  const ready = await untilReady(cluster, 1);
  expect(ready.ports).toEqual([{ name: '', protocol: 'TCP', port: 8088 }]);
  expect(ready.endpoints[0]).toMatchObject({
    addresses: [pod?.status?.podIP],
    nodeName: 'node-1',
    targetRef: { kind: 'Pod', name: pod?.metadata.name },
  });
  expect(object.subsets?.[0]).toMatchObject({
    addresses: [{ ip: pod?.status?.podIP }],
    ports: [{ port: 8088, protocol: 'TCP' }],
  });
  await send('PUT', vmiAction('web', 'pause'), { body: {} });
  const paused = await untilReady(cluster, 0);
  expect(paused.endpoints).toHaveLength(1);
  await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } });
  await until(client, endpoints, web, ({ subsets }) => subsets === undefined);
});

test('a load balancer has an address of its own until it is none any more', async () => {
  const { client } = await startCluster();
  await client.create(services, service({ type: 'LoadBalancer' }));
  const balanced = await until(client, services, web, ({ status }) =>
    Boolean(status?.loadBalancer?.ingress?.length),
  );
  expect(balanced.status?.loadBalancer?.ingress).toEqual([
    { ip: expect.stringMatching(/^127\.144\./) as string, ipMode: 'Proxy' },
  ]);
  const spec = { ...balanced.spec, type: 'ClusterIP' as const };
  await client.update(services, { ...balanced, spec });
  await until(client, services, web, ({ status }) => !status?.loadBalancer?.ingress);
});

test('a service is found at the same address after a new start', async () => {
  const dataDir = await temporaryFolder();
  const first = await startCluster({ dataDir });
  const { spec } = await first.client.create(services, service({ type: 'NodePort' }));
  await first.close();
  const second = await startCluster({ dataDir });
  expect((await second.client.get(services, web)).spec).toEqual(spec);
});

test('a port that is taken on this machine is told by an event', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  const made = await client.create(services, service());
  const other = createServer().listen(8080, made.spec.clusterIP);
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  await client.create(virtualMachines, plainVm('web'));
  const event = await untilEvent(cluster, made.metadata.uid);
  expect(event.reason).toBe('FailedToListen');
  expect(event.message).toMatch(/^cannot listen on 127\..*: another program listens on this port$/);
});

async function untilEvent({ client }: TestCluster, uid: string) {
  const options = { namespace: 'default', fieldSelector: `involvedObject.uid=${uid}` };
  const { items, resourceVersion } = await client.list(events, options);
  const [first] = items;
  if (first) return first;
  return new Promise<(typeof items)[number]>((resolve, reject) => {
    const stop = client.watch(
      events,
      { ...options, resourceVersion },
      ({ object }) => {
        stop();
        resolve(object);
      },
      (error) => reject(error ?? new Error('the watch ended')),
    );
  });
}
