import { expect, test } from 'vitest';

import type { Informer } from '../../client/Informer.ts';
import type { KubeObject } from '../../client/KubeClient.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../client/resources.ts';
import { addressOf, insideAddress } from './addresses.ts';
import { protocols } from './ipv4.ts';
import { NetworkPolicies } from './NetworkPolicies.ts';

/** A list that tells when it was changed. */
function informer<T extends KubeObject>(objects: T[]) {
  let told: () => void = () => undefined;
  const fake = {
    get size() {
      return objects.length;
    },
    list: (namespace?: string) =>
      objects.filter(({ metadata }) => !namespace || metadata.namespace === namespace),
    get: ({ name }: { name: string }) => objects.find(({ metadata }) => metadata.name === name),
    onChange: (listener: () => void) => {
      told = listener;
      return () => undefined;
    },
  };
  const add = (object: T) => {
    objects.push(object);
    told();
  };
  return { add, informer: fake as unknown as Informer<T> };
}

const meta = (name: string, namespace: string, labels: Record<string, string> = {}) => ({
  ...{ name, namespace, labels, uid: name, resourceVersion: '1', creationTimestamp: '' },
});
const pod = (name: string, namespace: string, podIP: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, namespace, { app: name }),
  spec: {
    containers: [
      { name: 'compute', ports: [{ name: 'web', containerPort: 8080, protocol: 'TCP' }] },
    ],
  },
  status: { phase: 'Running', podIP },
});
const namespace = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: meta(name, '', { team: name }),
});

const ips = { web: '127.64.0.2', db: '127.64.0.3', other: '127.65.0.2' };
const outside = addressOf('192.0.2.7');
const at = (name: keyof typeof ips) => insideAddress(ips[name]) ?? 0;

function setup(...specs: NetworkPolicy['spec'][]) {
  const policies = informer<NetworkPolicy>([]);
  const pods = informer([
    pod('web', 'shop', ips.web),
    pod('db', 'shop', ips.db),
    pod('other', 'lab', ips.other),
    // Ended, and its address given away.
    { ...pod('old', 'shop', ips.other), status: { phase: 'Succeeded' as const, podIP: ips.other } },
  ]);
  const namespaces = informer([namespace('shop'), namespace('lab')]);
  const table = new NetworkPolicies({
    policies: policies.informer,
    pods: pods.informer,
    namespaces: namespaces.informer,
  });
  const add = (spec: NetworkPolicy['spec']) =>
    policies.add({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: meta(`policy-${policies.informer.size}`, 'shop'),
      spec,
    });
  specs.forEach(add);
  const tcp = (from: number, to: number, port = 8080) =>
    table.allows(from, to, protocols.tcp, port);
  return { table, add, tcp };
}

const onlyDb = { matchLabels: { app: 'db' } };

test('a pod that no policy selects is open', () => {
  const { table, tcp } = setup({ podSelector: onlyDb, policyTypes: ['Ingress'] });
  expect([table.isolates(at('web')), table.isolates(at('db'))]).toEqual([false, true]);
  expect(tcp(at('db'), at('web'))).toBe(true);
  expect(tcp(at('web'), at('db'))).toBe(false);
  expect(tcp(outside, at('db'))).toBe(false);
});

test('policies of the same pod add up, and a change counts at once', () => {
  const { tcp, add } = setup({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect(tcp(at('web'), at('db'))).toBe(false);
  add({ podSelector: onlyDb, policyTypes: ['Ingress'], ingress: [{}] });
  expect(tcp(at('other'), at('db'))).toBe(true);
  // What may come must also be allowed to go.
  expect(tcp(at('web'), at('db'))).toBe(false);
  add({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] });
  expect(tcp(at('web'), at('db'))).toBe(true);
  expect(tcp(at('web'), at('other'))).toBe(false);
});

test.each<[string, NonNullable<NetworkPolicy['spec']['ingress']>[0]['from'], (boolean | string)[]]>(
  [
    ['pods of its namespace', [{ podSelector: { matchLabels: { app: 'web' } } }], [true, false]],
    ['all of its namespace', [{ podSelector: {} }], [true, false]],
    ['a namespace', [{ namespaceSelector: { matchLabels: { team: 'lab' } } }], [false, true]],
    [
      'pods of a namespace',
      [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'other' } } }],
      [false, true],
    ],
    ['either', [{ podSelector: {} }, { namespaceSelector: {} }], [true, true]],
    ['a block, as guests see it', [{ ipBlock: { cidr: '10.64.0.0/16' } }], [true, false]],
    ['a block, as the status has it', [{ ipBlock: { cidr: '127.64.0.2/32' } }], [true, false]],
    [
      'a block with a hole',
      [{ ipBlock: { cidr: '0.0.0.0/0', except: ['127.64.0.2/32'] } }],
      [false, true],
    ],
    ['a block of IPv6', [{ ipBlock: { cidr: '::/0' } }], [false, false]],
  ],
)('peers: %s', (_name, from = [], wanted) => {
  const rule = { podSelector: onlyDb, policyTypes: ['Ingress'], ingress: [{ from }] };
  const { tcp } = setup(rule);
  expect([tcp(at('web'), at('db')), tcp(at('other'), at('db'))]).toEqual(wanted);
  const hasBlock = from.some(({ ipBlock }) => ipBlock?.cidr === '0.0.0.0/0');
  expect(tcp(outside, at('db'))).toBe(hasBlock);
});

test.each<[string, object, boolean[]]>([
  ['a number', { protocol: 'TCP', port: 8080 }, [true, false, false]],
  ['a range', { port: 8000, endPort: 8081 }, [true, true, false]],
  ['a name', { port: 'web' }, [true, false, false]],
  ['a name that the pod does not have', { port: 'ssh' }, [false, false, false]],
  ['a whole protocol', { protocol: 'UDP' }, [false, false, true]],
])('ports: %s', (_name, port, wanted) => {
  const { table, tcp } = setup({
    podSelector: onlyDb,
    policyTypes: ['Ingress'],
    ingress: [{ ports: [port] }],
  });
  const [from, to] = [at('web'), at('db')];
  expect([tcp(from, to), tcp(from, to, 8081), table.allows(from, to, protocols.udp, 53)]).toEqual(
    wanted,
  );
  expect(table.allows(from, to, protocols.icmp, 0)).toBe(false);
});
