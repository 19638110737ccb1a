import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';

export interface NetworkAttachmentDefinition extends KubeObject {
  /** A CNI configuration in JSON. */
  spec?: { config?: string };
}

export const networkAttachments: ResourceRef<NetworkAttachmentDefinition> = {
  group: 'k8s.cni.cncf.io',
  version: 'v1',
  plural: 'network-attachment-definitions',
  kind: 'NetworkAttachmentDefinition',
  namespaced: true,
};

/** Annotations of pods (k8snetworkplumbingwg, multi-net specification v1.3). */
export const annotations = {
  /** What a pod asks for: a JSON list of `NetworkSelection`. */
  networks: 'k8s.v1.cni.cncf.io/networks',
  /** What it has: a JSON list of `NetworkStatus`. */
  status: 'k8s.v1.cni.cncf.io/network-status',
} as const;

/** A network that a pod asks for. */
export interface NetworkSelection {
  name: string;
  namespace: string;
  mac?: string;
  /** Name of the interface in the pod. */
  interface: string;
}

/** A network that a pod is connected to. */
export interface NetworkStatus {
  name: string;
  interface: string;
  ips?: string[];
  mac?: string;
  default?: boolean;
  dns: Record<string, never>;
}

/** Namespace and name of a network as a VM names it: `namespace/name`, or `name` in its own namespace. */
export function networkKey(
  networkName: string,
  namespace: string | undefined,
): { namespace: string; name: string } {
  const [first = '', second] = networkName.split('/', 2);
  return second === undefined
    ? { namespace: namespace ?? '', name: first }
    : { namespace: first, name: second };
}
