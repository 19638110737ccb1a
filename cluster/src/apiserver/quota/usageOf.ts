import type { KubeObject } from '../../client/KubeClient.ts';
import type {
  Container,
  PersistentVolumeClaim,
  Pod,
  ResourceList,
  Service,
} from '../../client/resources.ts';
import { qualifiedResource, type ResourceName } from '../ApiError.ts';
import { add, type Amount, count, larger, parseAmount, zero } from './Amount.ts';

/** Amounts by the names that a ResourceQuota gives them in `spec.hard`. */
export type Usage = Map<string, Amount>;

/** Plain names that count objects; everything can be counted as `count/<resource>.<group>`. */
const counted = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/**
 * What one object uses of a quota. Kubernetes: pkg/quota/v1/evaluator/core (1.33). A pod that has ended
 * uses nothing but its entry in `count/pods`.
 */
export function usageOf(resource: ResourceName, object: KubeObject): Usage {
  const usage: Usage = new Map([[`count/${qualifiedResource(resource)}`, count(1)]]);
  if (resource.group !== '') return usage;
  // Objects are as their resource says.
  if (resource.plural === 'pods') addPod(usage, object as Pod);
  else if (counted.has(resource.plural)) usage.set(resource.plural, count(1));
  if (resource.plural === 'persistentvolumeclaims')
    addClaim(usage, object as PersistentVolumeClaim);
  if (resource.plural === 'services') addService(usage, object as Service);
  return usage;
}

/** Which resource's objects a name of `spec.hard` is about. */
export function measuredResource(name: string): ResourceName {
  if (name.startsWith('count/')) {
    const [plural = '', ...group] = name.slice('count/'.length).split('.');
    return { plural, group: group.join('.') };
  }
  if (name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/')) {
    return { group: '', plural: 'persistentvolumeclaims' };
  }
  if (name.startsWith('services.')) return { group: '', plural: 'services' };
  return { group: '', plural: counted.has(name) ? name : 'pods' };
}

function addPod(usage: Usage, pod: Pod): void {
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
  usage.set('pods', count(1));
  for (const [name, amount] of podResources(pod, 'requests')) {
    usage.set(`requests.${name}`, amount);
    if (isNative(name)) usage.set(name, amount);
  }
  for (const [name, amount] of podResources(pod, 'limits')) {
    if (isNative(name)) usage.set(`limits.${name}`, amount);
  }
}

/** Neither a device nor huge pages: these have requests alone. */
const isNative = (name: string) => ['cpu', 'memory', 'ephemeral-storage'].includes(name);

/** The sum over the containers, or the largest init container where that asks for more. */
export function podResources(pod: Pod, part: 'requests' | 'limits'): Usage {
  const sum: Usage = new Map();
  for (const container of pod.spec.containers) {
    for (const [name, amount] of amountsOf(container, part)) {
      sum.set(name, add(sum.get(name) ?? zero, amount));
    }
  }
  for (const container of pod.spec.initContainers ?? []) {
    for (const [name, amount] of amountsOf(container, part)) {
      sum.set(name, larger(sum.get(name) ?? zero, amount));
    }
  }
  return sum;
}

/** Where a limit is given and no request, the limit is the request. */
function amountsOf({ resources }: Container, part: 'requests' | 'limits'): [string, Amount][] {
  const list: ResourceList =
    part === 'limits'
      ? (resources?.limits ?? {})
      : { ...resources?.limits, ...resources?.requests };
  return Object.entries(list).map(([name, text]) => [name, parseAmount(text) ?? zero]);
}

function addClaim(usage: Usage, { spec }: PersistentVolumeClaim): void {
  const storage = parseAmount(spec.resources?.requests?.['storage'] ?? '0') ?? zero;
  usage.set('requests.storage', storage);
  if (!spec.storageClassName) return;
  const ofClass = `${spec.storageClassName}.storageclass.storage.k8s.io`;
  usage.set(`${ofClass}/requests.storage`, storage);
  usage.set(`${ofClass}/persistentvolumeclaims`, count(1));
}

function addService(usage: Usage, { spec }: Service): void {
  const ports = spec.ports?.length ?? 0;
  if (spec.type === 'LoadBalancer') usage.set('services.loadbalancers', count(1));
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') {
    usage.set('services.nodeports', count(ports));
  }
}
