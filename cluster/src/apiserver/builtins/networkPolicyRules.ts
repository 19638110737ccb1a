import { BlockList, isIP } from 'node:net';

import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../client/resources.ts';
import { invalid, type StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, notSupported, required } from '../causes.ts';
import type { Admission } from '../ResourceDefinition.ts';
import { selectorCauses } from './selectorCauses.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];
const policyTypes = ['Egress', 'Ingress'];

/** Kubernetes: pkg/apis/networking/v1/defaults.go and validation/validation.go (v1.33). */
export const networkPolicyAdmission: Admission<NetworkPolicy> = {
  mutate({ operation, object }) {
    if (operation === 'DELETE') return;
    // It may be left out as a whole, and then is for all pods.
    const given: Partial<NetworkPolicy> = object;
    const spec = (object.spec = given.spec ?? { podSelector: {} });
    const { ingress = [], egress = [] } = spec;
    if (!spec.policyTypes?.length)
      spec.policyTypes = egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    for (const { ports = [] } of [...ingress, ...egress])
      for (const port of ports) port.protocol ??= 'TCP';
  },
  validate({ operation, object, name }) {
    if (operation === 'DELETE') return;
    const causes = causesOf(object);
    const kind = { group: 'networking.k8s.io', kind: 'NetworkPolicy' };
    if (causes.length > 0) throw invalid(kind, name, causes);
  },
};

function causesOf({ spec }: NetworkPolicy): StatusCause[] {
  const { ingress = [], egress = [], policyTypes: types = [] } = spec;
  const rules = [
    ...ingress.map(({ from, ports }, index) => ({
      ...{ ports, peers: from, path: `spec.ingress[${index}]`, peersOf: 'from' },
    })),
    ...egress.map(({ to, ports }, index) => ({
      ...{ ports, peers: to, path: `spec.egress[${index}]`, peersOf: 'to' },
    })),
  ];
  return [
    ...selectorCauses('spec.podSelector', spec.podSelector),
    ...rules.flatMap(({ path, ports = [], peers = [], peersOf }) => [
      ...ports.flatMap((port, index) => portCauses(`${path}.ports[${index}]`, port)),
      ...peers.flatMap((peer, index) => peerCauses(`${path}.${peersOf}[${index}]`, peer)),
    ]),
    ...(types.length > policyTypes.length
      ? [invalidAt('spec.policyTypes', types, 'may not specify more than two policyTypes')]
      : types.flatMap((type, index) =>
          policyTypes.includes(type)
            ? []
            : [notSupported(`spec.policyTypes[${index}]`, type, policyTypes)],
        )),
  ];
}

function portCauses(path: string, { protocol, port, endPort }: NetworkPolicyPort): StatusCause[] {
  const causes: StatusCause[] = [];
  if (protocol !== undefined && !protocols.includes(protocol))
    causes.push(notSupported(`${path}.protocol`, protocol, protocols));
  const isPort = (number: number) => number >= 1 && number <= 65_535;
  const inRange = 'must be between 1 and 65535, inclusive';
  if (typeof port === 'number' && !isPort(port))
    causes.push(invalidAt(`${path}.port`, port, inRange));
  if (endPort === undefined) return causes;
  if (typeof port === 'string')
    causes.push(
      invalidAt(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'),
    );
  else if (port === undefined)
    causes.push(
      invalidAt(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'),
    );
  else if (endPort < port)
    causes.push(invalidAt(`${path}.endPort`, endPort, 'must be greater than or equal to `port`'));
  if (!isPort(endPort)) causes.push(invalidAt(`${path}.endPort`, endPort, inRange));
  return causes;
}

function peerCauses(
  path: string,
  { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer,
): StatusCause[] {
  if (!ipBlock) {
    if (!podSelector && !namespaceSelector) return [required(path, 'must specify a peer')];
    return [
      ...selectorCauses(`${path}.podSelector`, podSelector),
      ...selectorCauses(`${path}.namespaceSelector`, namespaceSelector),
    ];
  }
  if (podSelector || namespaceSelector)
    return [forbiddenAt(path, 'may not specify both ipBlock and another peer')];
  const { cidr, except = [] } = ipBlock;
  const field = `${path}.ipBlock`;
  if (!cidr) return [required(`${field}.cidr`)];
  const outer = parseBlock(cidr);
  if (!outer) return [notBlock(`${field}.cidr`, cidr)];
  return except.flatMap((text, index) => {
    const at = `${field}.except[${index}]`;
    const inner = parseBlock(text);
    if (!inner) return [notBlock(at, text)];
    const isSubset =
      inner.family === outer.family && inner.bits > outer.bits && contains(outer, inner.network);
    return isSubset ? [] : [invalidAt(at, text, 'must be a strict subset of `cidr`')];
  });
}

interface Block {
  network: string;
  bits: number;
  family: 'ipv4' | 'ipv6';
}

const notBlock = (field: string, text: string) =>
  invalidAt(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');

function parseBlock(text: string): Block | undefined {
  const [, network = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(network);
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return undefined;
  return { network, bits: Number(bits), family: version === 4 ? 'ipv4' : 'ipv6' };
}

function contains({ network, bits, family }: Block, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}
