import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { shellQuote } from '~/k8s/shellQuote';
import { knownPorts, vmNameLabel } from '~/kubevirt/vmService';

/** Where Windows listens for remote desktops. */
export const rdpPort = knownPorts.rdp;

/** A port that is free also on a Windows that listens for remote desktops itself. */
export const localRdpPort = 13_389;

/** What is looked at of a Service. */
export interface RdpService {
  metadata?: { name?: string };
  spec?: {
    type?: string;
    selector?: Readonly<Record<string, string>>;
    ports?: readonly { port: number; targetPort?: number | string; nodePort?: number }[];
  };
  status?: { loadBalancer?: { ingress?: readonly { ip?: string; hostname?: string }[] } };
}

/** What is looked at of a Node. */
export interface RdpNode {
  status?: { addresses?: readonly { type: string; address: string }[] };
}

/** A way to the desktop that a client outside the cluster can go. */
export interface RdpAddress {
  host: string;
  port: number;
  via: 'service' | 'network';
  /** Name of the Service or of the network. */
  name: string;
}

/** Every way that there is, those first that are meant to be used from outside. */
export function rdpAddresses(
  vmi: V1VirtualMachineInstance,
  services: readonly RdpService[],
  node: RdpNode | undefined,
): readonly RdpAddress[] {
  return [...services.flatMap((service) => ofService(service, vmi, node)), ...ofNetworks(vmi)];
}

function ofService(
  { metadata, spec, status }: RdpService,
  vmi: V1VirtualMachineInstance,
  node: RdpNode | undefined,
): RdpAddress[] {
  const port = spec?.ports?.find((one) => (one.targetPort ?? one.port) === rdpPort);
  if (port === undefined || !selects(spec?.selector ?? {}, vmi)) return [];
  const name = metadata?.name ?? '';
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(
    ({ ip, hostname }): RdpAddress[] => {
      const host = hostname ?? ip;
      return host === undefined ? [] : [{ host, port: port.port, via: 'service', name }];
    },
  );
  if (balanced.length > 0) return balanced;
  const host = addressOf(node) ?? vmi.status?.nodeName;
  if (port.nodePort === undefined || host === undefined) return [];
  return [{ host, port: port.nodePort, via: 'service', name }];
}

/** Any node leads to a NodePort; the guest's own spares a hop. Without a right to see nodes, its name. */
function addressOf(node: RdpNode | undefined): string | undefined {
  const addresses = node?.status?.addresses ?? [];
  const wanted = ['ExternalIP', 'InternalIP', 'Hostname'];
  return wanted
    .map((type) => addresses.find((one) => one.type === type)?.address)
    .find((address) => address !== undefined);
}

function selects(
  selector: Readonly<Record<string, string>>,
  { metadata, status }: V1VirtualMachineInstance,
): boolean {
  const labels: Record<string, string | undefined> = {
    ...metadata?.labels,
    'kubevirt.io': 'virt-launcher',
    'kubevirt.io/nodeName': status?.nodeName,
    [vmNameLabel]: metadata?.name,
  };
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value);
}

/** Addresses on networks beside the pod network, which is not reached from outside the cluster. */
function ofNetworks({ spec, status }: V1VirtualMachineInstance): RdpAddress[] {
  const pod = spec.networks?.find((network) => network.pod !== undefined)?.name;
  return (status?.interfaces ?? []).flatMap(({ name = '', ipAddress }): RdpAddress[] => {
    const isOutside =
      name !== '' && name !== pod && spec.networks?.some((one) => one.name === name);
    if (!isOutside || ipAddress === undefined || ipAddress === '') return [];
    return [{ host: ipAddress, port: rdpPort, via: 'network', name }];
  });
}

/** A connection file, which the clients of all systems read. */
export function rdpFile({ host, port }: { host: string; port: number }): string {
  const address = host.includes(':') ? `[${host}]` : host;
  const lines = [
    `full address:s:${address}:${port}`,
    'prompt for credentials:i:1',
    'authentication level:i:2',
    'dynamic resolution:i:1',
    'redirectclipboard:i:1',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Brings the desktop to `localhost`, by the cluster's API alone. */
export function rdpForwardCommand({
  namespace,
  name,
  isInstance,
}: {
  namespace: string;
  name: string;
  isInstance: boolean;
}): string {
  const kind = isInstance ? 'vmi' : 'vm';
  const target = shellQuote(`${kind}/${name}`);
  return `virtctl port-forward --namespace ${shellQuote(namespace)} ${target} ${localRdpPort}:${rdpPort}`;
}
