import type { Service } from '../../client/resources.ts';

/** What a service of this kind has, by its type and by `clusterIP: None`. */
export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';
export const hasClusterIp = ({ spec }: Service): boolean => spec.type !== 'ExternalName';
export const isExposed = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' || spec.type === 'LoadBalancer';
export const hasNodePorts = (service: Service): boolean =>
  isExposed(service) &&
  !(service.spec.type === 'LoadBalancer' && service.spec.allocateLoadBalancerNodePorts === false);

/**
 * Fills in what a service leaves open, in place, and keeps the address and ports that it had. Kubernetes:
 * pkg/apis/core/v1/defaults.go and pkg/registry/core/service/{strategy.go,storage/storage.go}, v1.33.
 */
export function setServiceDefaults(service: Service, old: Service | undefined): void {
  const { spec } = service;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else {
    spec.sessionAffinityConfig = {
      clientIP: { timeoutSeconds: 10_800, ...spec.sessionAffinityConfig?.clientIP },
    };
  }
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
  }
  if (old) keepAllocated(service, old);
  if (!hasClusterIp(service)) {
    delete spec.ipFamilies;
    delete spec.ipFamilyPolicy;
    delete spec.internalTrafficPolicy;
  } else {
    spec.internalTrafficPolicy ??= 'Cluster';
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
    if (spec.clusterIP === undefined && spec.clusterIPs?.[0]) spec.clusterIP = spec.clusterIPs[0];
    if (spec.clusterIP) spec.clusterIPs ??= [spec.clusterIP];
  }
  if (isExposed(service)) spec.externalTrafficPolicy ??= 'Cluster';
  else delete spec.externalTrafficPolicy;
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  else delete spec.allocateLoadBalancerNodePorts;
}

function keepAllocated(service: Service, old: Service): void {
  const { spec } = service;
  if (hasClusterIp(service) && hasClusterIp(old)) {
    if (!spec.clusterIP && !spec.clusterIPs?.length) {
      if (old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
      if (old.spec.clusterIPs) spec.clusterIPs = [...old.spec.clusterIPs];
    } else if (
      spec.clusterIP !== old.spec.clusterIP &&
      same(spec.clusterIPs, old.spec.clusterIPs)
    ) {
      // Who changes the one field means both.
      if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
      else delete spec.clusterIPs;
    }
  } else if (!hasClusterIp(service) && hasClusterIp(old)) {
    if (spec.clusterIP === old.spec.clusterIP) delete spec.clusterIP;
    if (same(spec.clusterIPs, old.spec.clusterIPs)) delete spec.clusterIPs;
  }
  const oldPorts = old.spec.ports ?? [];
  for (const port of spec.ports ?? []) {
    const before = oldPorts.find(
      (known) => known.port === port.port && known.protocol === port.protocol,
    );
    if (hasNodePorts(service) && hasNodePorts(old) && !port.nodePort && before?.nodePort) {
      port.nodePort = before.nodePort;
    }
    // A type without node ports gives those back that it does not name anew.
    if (!isExposed(service) && isExposed(old) && port.nodePort === before?.nodePort) {
      delete port.nodePort;
    }
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
