/** Label of launcher pods with the name of their VM (KubeVirt pkg/virt-controller/services/template.go). */
export const vmNameLabel = 'vm.kubevirt.io/name';

export const serviceTypes = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const;
export type ServiceType = (typeof serviceTypes)[number];

/** What guests offer most often, by the name that a Service's port has for it. */
export const knownPorts = { ssh: 22, rdp: 3389, http: 80, https: 443 } as const;

/** Name of a port, of at most 15 letters: `ssh`, `tcp-8080`. */
export function portName(port: number): string {
  return Object.entries(knownPorts).find(([, known]) => known === port)?.[0] ?? `tcp-${port}`;
}

/**
 * `web-ssh`. A Service's name begins with a letter and has 63 at most, which a VM's need not
 * (apimachinery pkg/util/validation, IsDNS1035Label).
 */
export function vmServiceName(vmName: string, port: number): string {
  const end = `-${portName(port)}`;
  const stem = /^[a-z]/.test(vmName) ? vmName : `vm-${vmName}`;
  return `${stem.slice(0, 63 - end.length).replace(/-+$/, '')}${end}`;
}

/** A Service that leads to a port of a VM's guest, as `virtctl expose` makes it. */
export function vmService(
  { namespace, name }: { namespace: string; name: string },
  port: number,
  type: ServiceType,
) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: vmServiceName(name, port), namespace },
    spec: {
      type,
      selector: { [vmNameLabel]: name },
      ports: [{ name: portName(port), protocol: 'TCP', port, targetPort: port }],
    },
  };
}
