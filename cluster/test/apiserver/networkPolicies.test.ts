import { expect, test } from 'vitest';

import { send, startServer } from './apiServerFixture.ts';
import { causesOf } from './shipFixture.ts';

const url = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
const policy = (spec?: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'a' },
  ...(spec && { spec }),
});

test('the directions that a policy speaks of, and the protocol, are what they are by default', async () => {
  const server = await startServer({ resources: [] });
  const made = await send(
    server,
    'POST',
    url,
    policy({ podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
  );
  expect(made.body).toMatchObject({
    spec: {
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
    },
  });
  expect(made.headers['warning']).toBeUndefined();
});

const ingress = (rule: object) => ({ podSelector: {}, ingress: [rule] });
const cidrText = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** As the API server of Kubernetes 1.33 answers them (pkg/apis/networking/validation). */
test.each<[string, object, string]>([
  [
    'a port that is none',
    ingress({ ports: [{ port: 70_000 }] }),
    'spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ],
  [
    'a protocol that is none',
    ingress({ ports: [{ port: 80, protocol: 'ICMP' }] }),
    'spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
  ],
  [
    'a range that ends before it begins',
    ingress({ ports: [{ port: 80, endPort: 79 }] }),
    'spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`',
  ],
  [
    'a range from a name',
    ingress({ ports: [{ port: 'web', endPort: 79 }] }),
    'spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is non-numeric',
  ],
  [
    'nobody',
    ingress({ from: [{}] }),
    'spec.ingress[0].from[0]: Required value: must specify a peer',
  ],
  [
    'a block and a selector',
    ingress({ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }),
    'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer',
  ],
  [
    'no block',
    { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0' } }] }] },
    `spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.0": ${cidrText}`,
  ],
  [
    'an exception from elsewhere',
    ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }),
    'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
  ],
  [
    'a selector with an operator that is none',
    { podSelector: { matchExpressions: [{ key: 'app', operator: 'Is', values: ['web'] }] } },
    'spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
  ],
  [
    'a selector of no values',
    ingress({
      from: [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In' }] } }],
    }),
    "spec.ingress[0].from[0].namespaceSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  ],
  [
    'a direction that is none',
    { podSelector: {}, policyTypes: ['Sideways'] },
    'spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Egress", "Ingress"',
  ],
])('%s is refused', async (_name, spec, cause) => {
  const server = await startServer({ resources: [] });
  const reply = await send(server, 'POST', url, policy(spec));
  expect(reply.code).toBe(422);
  expect(causesOf(reply)).toEqual([cause]);
});
