import { randomInt } from 'node:crypto';

import type { Service } from '../../client/resources.ts';
import type { StatusCause } from '../ApiError.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { goStrings, refusedValue } from './serviceProblems.ts';
import { hasClusterIp, hasNodePorts, isHeadless } from './serviceRules.ts';

/**
 * Where cluster IPs are: beyond those of pods (127.64.0.0/10). Loopback addresses reach this machine
 * alone and need no set-up.
 */
export const serviceCidr = '127.128.0.0/12';
/** The range's first address is the API server's own, of the Service `kubernetes`. */
export const apiServerAddress = '127.128.0.1';
const firstSecondOctet = 128;
const secondOctets = 16;
const nodePorts = { first: 30_000, last: 32_767 };

/** What a request that is under way was given stays its own for this long, also if it fails later. */
const pendingMs = 30_000;

/**
 * Gives services their cluster IP and node ports, each once, at random as Kubernetes does. What is taken
 * is what the stored services have: nothing besides can be lost or leak.
 */
export class ServiceAddresses {
  readonly #store: ObjectStore;
  readonly #now: () => Date;
  readonly #pending = new Map<string, { owner: string; untilMs: number }>();

  constructor(store: ObjectStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Completes the service in place; returns why not where it asks for what it cannot have. */
  allocate(service: Service, dryRun: boolean): StatusCause[] {
    const owner = `${service.metadata.namespace ?? ''}/${service.metadata.name}`;
    const taken = this.#takenByOthers(owner);
    const problems: StatusCause[] = [];
    const given: string[] = [];
    const { spec } = service;
    if (hasClusterIp(service) && !isHeadless(service)) {
      const wanted = spec.clusterIP ?? '';
      const why = wanted === '' ? undefined : addressProblem(wanted, taken);
      if (why === undefined) {
        spec.clusterIP = wanted === '' ? freeAddress(taken) : wanted;
        spec.clusterIPs = [spec.clusterIP];
        given.push(spec.clusterIP);
      } else {
        const text = `failed to allocate IP ${wanted}: ${why}`;
        problems.push(refusedValue('spec.clusterIPs', goStrings([wanted]), text));
      }
    }
    if (hasNodePorts(service)) this.#allocatePorts(service, taken, problems, given);
    if (!dryRun && problems.length === 0) {
      const untilMs = this.#now().getTime() + pendingMs;
      for (const one of given) this.#pending.set(one, { owner, untilMs });
    }
    return problems;
  }

  #allocatePorts(
    { spec }: Service,
    taken: Set<string>,
    problems: StatusCause[],
    given: string[],
  ): void {
    (spec.ports ?? []).forEach((port, index) => {
      // Another protocol of the same port takes its number, as a DNS server's UDP does TCP's.
      const twin = (spec.ports ?? []).find(
        (other) => other !== port && other.port === port.port && other.nodePort,
      );
      const wanted = port.nodePort || twin?.nodePort;
      port.nodePort = wanted ?? freePort(taken) ?? 0;
      const full = 'failed to allocate a nodePort: range is full';
      const why = wanted ? nodePortProblem(wanted, taken) : port.nodePort === 0 ? full : undefined;
      const field = `spec.ports[${index}].nodePort`;
      if (why === undefined) given.push(String(port.nodePort));
      else problems.push(refusedValue(field, String(port.nodePort), why));
    });
  }

  #takenByOthers(owner: string): Set<string> {
    const taken = new Set<string>();
    for (const { namespace, name, object } of this.#store.list('services', undefined)) {
      if (`${namespace}/${name}` === owner) continue;
      // The parse boundary: what is stored under this name are services.
      const { spec } = object as unknown as Service;
      if (spec.clusterIP) taken.add(spec.clusterIP);
      for (const { nodePort } of spec.ports ?? []) if (nodePort) taken.add(String(nodePort));
    }
    const now = this.#now().getTime();
    for (const [value, pending] of this.#pending) {
      if (pending.untilMs < now) this.#pending.delete(value);
      else if (pending.owner !== owner) taken.add(value);
    }
    return taken;
  }
}

function addressProblem(address: string, taken: ReadonlySet<string>): string | undefined {
  const [first, second = -1] = address.split('.').map(Number);
  const inside = second >= firstSecondOctet && second < firstSecondOctet + secondOctets;
  if (first !== 127 || !inside) {
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${serviceCidr}`;
  }
  return taken.has(address) ? 'provided IP is already allocated' : undefined;
}

function nodePortProblem(port: number, taken: ReadonlySet<string>): string | undefined {
  if (port < nodePorts.first || port > nodePorts.last) {
    return `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`;
  }
  return taken.has(String(port)) ? 'provided port is already allocated' : undefined;
}

function freeAddress(taken: ReadonlySet<string>): string {
  for (;;) {
    const second = firstSecondOctet + randomInt(secondOctets);
    const address = `127.${second}.${randomInt(256)}.${randomInt(1, 255)}`;
    if (!taken.has(address) && address !== apiServerAddress) return address;
  }
}

/** Takes a free one; undefined when there is none. */
function freePort(taken: Set<string>): number | undefined {
  const count = nodePorts.last - nodePorts.first + 1;
  const start = randomInt(count);
  for (let step = 0; step < count; step++) {
    const port = nodePorts.first + ((start + step) % count);
    if (taken.has(String(port))) continue;
    taken.add(String(port));
    return port;
  }
  return undefined;
}
