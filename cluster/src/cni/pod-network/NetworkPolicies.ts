import { BlockList } from 'node:net';

import type { Informer } from '../../client/Informer.ts';
import { matchesSelector } from '../../client/labelSelector.ts';
import type {
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Pod,
} from '../../client/resources.ts';
import { addressText, insideAddress, loopbackText } from './addresses.ts';
import { protocols } from './ipv4.ts';
import type { PolicyTable } from './PolicyFlows.ts';

interface Dependencies {
  policies: Informer<NetworkPolicy>;
  pods: Informer<Pod>;
  namespaces: Informer<Namespace>;
}

interface Rule {
  namespace: string | undefined;
  peers: readonly NetworkPolicyPeer[];
  ports: readonly NetworkPolicyPort[];
}

/** What may come to a pod and go from it; undefined where no policy speaks of that direction. */
interface Isolation {
  ingress: Rule[] | undefined;
  egress: Rule[] | undefined;
}

/** Answers that are kept at most. */
const mostAnswers = 16_384;
const protocolNames = new Map<number, string>([
  [protocols.tcp, 'TCP'],
  [protocols.udp, 'UDP'],
]);

/**
 * The NetworkPolicies of the cluster as the pod network asks for them. Rules of policies that select the same pod
 * add up; a pod that none selects is open (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
export class NetworkPolicies implements PolicyTable {
  readonly #is: Dependencies;
  /** All three are of what was last read, and empty when something has changed since. */
  #pods: Map<number, Pod> | undefined;
  readonly #isolations = new Map<number, Isolation>();
  readonly #answers = new Map<string, boolean>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    const { policies, pods, namespaces } = dependencies;
    const forget = () => {
      this.#pods = undefined;
      this.#isolations.clear();
      this.#answers.clear();
    };
    policies.onChange(forget);
    namespaces.onChange(forget);
    pods.onChange(forget);
  }

  isolates(address: number): boolean {
    if (this.#is.policies.size === 0) return false;
    const { ingress, egress } = this.#isolationOf(address);
    return ingress !== undefined || egress !== undefined;
  }

  allows(from: number, to: number, protocol: number, port: number): boolean {
    const key = `${from}/${to}/${protocol}/${port}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (this.#answers.size >= mostAnswers) this.#answers.clear();
    const { egress } = this.#isolationOf(from);
    const { ingress } = this.#isolationOf(to);
    const passes = (rules: Rule[] | undefined, peer: number) =>
      rules?.some((rule) => this.#hasPeer(rule, peer) && this.#hasPort(rule, to, protocol, port)) ??
      true;
    const answer = passes(egress, to) && passes(ingress, from);
    this.#answers.set(key, answer);
    return answer;
  }

  #podAt(address: number): Pod | undefined {
    this.#pods ??= new Map(
      this.#is.pods.list().flatMap((pod) => {
        const at = liveAddress(pod);
        return at === undefined ? [] : [[at, pod] as const];
      }),
    );
    return this.#pods.get(address);
  }

  #isolationOf(address: number): Isolation {
    const known = this.#isolations.get(address);
    if (known) return known;
    const isolation: Isolation = { ingress: undefined, egress: undefined };
    const pod = this.#podAt(address);
    const selecting = pod ? this.#is.policies.list(pod.metadata.namespace) : [];
    for (const { metadata, spec } of selecting) {
      if (!matchesSelector(spec.podSelector ?? {}, pod?.metadata.labels)) continue;
      const rule = (peers: Rule['peers'] = [], ports: Rule['ports'] = []): Rule => ({
        ...{ namespace: metadata.namespace, peers, ports },
      });
      if (spec.policyTypes?.includes('Ingress')) {
        (isolation.ingress ??= []).push(
          ...(spec.ingress ?? []).map(({ from, ports }) => rule(from, ports)),
        );
      }
      if (spec.policyTypes?.includes('Egress')) {
        (isolation.egress ??= []).push(
          ...(spec.egress ?? []).map(({ to, ports }) => rule(to, ports)),
        );
      }
    }
    if (this.#isolations.size >= mostAnswers) this.#isolations.clear();
    this.#isolations.set(address, isolation);
    return isolation;
  }

  /** A rule without peers is one for all of them. */
  #hasPeer({ peers, namespace }: Rule, address: number): boolean {
    if (peers.length === 0) return true;
    const pod = this.#podAt(address);
    return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
      if (ipBlock) return isInBlock(ipBlock, address);
      if (!pod) return false;
      const home = pod.metadata.namespace;
      const isThere = namespaceSelector
        ? matchesSelector(
            namespaceSelector,
            this.#is.namespaces.get({ name: home ?? '' })?.metadata.labels,
          )
        : home === namespace;
      return isThere && (!podSelector || matchesSelector(podSelector, pod.metadata.labels));
    });
  }

  /** A rule without ports is one for all of them, and for all protocols. */
  #hasPort({ ports }: Rule, to: number, protocol: number, port: number): boolean {
    if (ports.length === 0) return true;
    const name = protocolNames.get(protocol);
    return ports.some((wanted) => {
      if ((wanted.protocol ?? 'TCP') !== name) return false;
      if (wanted.port === undefined) return true;
      if (typeof wanted.port === 'string') {
        const containers = this.#podAt(to)?.spec.containers ?? [];
        return containers
          .flatMap((container) => container.ports ?? [])
          .some(
            (one) =>
              one.name === wanted.port &&
              (one.protocol ?? 'TCP') === name &&
              one.containerPort === port,
          );
      }
      return port >= wanted.port && port <= (wanted.endPort ?? wanted.port);
    });
  }
}

/** Where guests reach what lives in the pod; undefined when nothing does, or not by an address. */
function liveAddress(pod: Pod | undefined): number | undefined {
  const { podIP, phase } = pod?.status ?? {};
  if (!podIP || phase === 'Succeeded' || phase === 'Failed') return undefined;
  return insideAddress(podIP);
}

/** A pod has two addresses: one for guests, and one for this machine, which its status tells first. */
function isInBlock({ cidr, except = [] }: { cidr: string; except?: string[] }, address: number) {
  const texts = [addressText(address), loopbackText(address)].filter((text) => text !== undefined);
  const isIn = (block: string) => {
    const [network = '', bits = ''] = block.split('/');
    if (network.includes(':')) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(bits), 'ipv4');
    return texts.some((text) => list.check(text, 'ipv4'));
  };
  return isIn(cidr) && !except.some(isIn);
}
