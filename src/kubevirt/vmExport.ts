import { apiVersion, virtualMachineExports } from '~/k8s/models';
import { shellQuote } from '~/k8s/shellQuote';

/** What is offered for download. */
export interface ExportSource {
  kind: 'VirtualMachine' | 'VirtualMachineSnapshot' | 'PersistentVolumeClaim';
  namespace: string;
  name: string;
}

const groups = {
  VirtualMachine: 'kubevirt.io',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io',
  PersistentVolumeClaim: '',
} as const;

/** Header, or query parameter, that carries the token (pkg/storage/export/virt-exportserver at d923fdb). */
const tokenHeader = 'x-kubevirt-export-token';

/** The VirtualMachineExport; it ends by itself after `hours`. */
export function exportManifest({ kind, namespace, name }: ExportSource, hours: number) {
  return {
    apiVersion: apiVersion(virtualMachineExports),
    kind: virtualMachineExports.kind,
    metadata: { generateName: `${name.slice(0, 50)}-`, namespace },
    spec: { source: { apiGroup: groups[kind], kind, name }, ttlDuration: `${hours}h` },
  };
}

/** One file that can be downloaded. */
export interface ExportFile {
  volume: string;
  format: string;
  url: string;
}

/** How far an export is. */
export interface ExportState {
  phase: string;
  /** Why it is not ready, in the server's words. */
  waiting: string;
  /** Name of the secret with its token; empty before there is one. */
  secret: string;
  /** ISO 8601; empty before it is known. */
  expires: string;
  /** Empty while nothing is ready, and where the cluster's export proxy has no address outside. */
  files: readonly ExportFile[];
}

interface VmExport {
  status?: {
    phase?: string;
    tokenSecretRef?: string;
    ttlExpirationTime?: string | null;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    links?: {
      external?: {
        volumes?: { name?: string; formats?: { format?: string; url?: string }[] }[];
      };
    } | null;
  };
}

export function toExportState({ status = {} }: VmExport): ExportState {
  // Which condition tells why depends on the source; the others say no more than Initializing
  // (pkg/storage/export/export, d923fdb).
  const refused = (status.conditions ?? []).filter((one) => one.status === 'False');
  const notReady =
    refused.find(({ message }) => message) ??
    refused.find(({ reason }) => reason && reason !== 'Initializing');
  const volumes = status.links?.external?.volumes ?? [];
  return {
    phase: status.phase ?? 'Pending',
    waiting: notReady?.message || (notReady?.reason ?? ''),
    secret: status.tokenSecretRef ?? '',
    expires: status.ttlExpirationTime ?? '',
    files: volumes.flatMap(({ name = '', formats = [] }) =>
      formats.map(({ format = '', url = '' }) => ({ volume: name, format, url })),
    ),
  };
}

/** An address that a browser can follow by itself. */
export function downloadUrl({ url }: ExportFile, token: string): string {
  const withToken = new URL(url);
  withToken.searchParams.set(tokenHeader, token);
  return withToken.href;
}

const endings: Readonly<Record<string, string>> = {
  raw: 'img',
  gzip: 'img.gz',
  'tar.gz': 'tar.gz',
};

/** The same for a terminal. A cluster of one's own has a certificate that no system knows. */
export function curlCommand({ volume, format, url }: ExportFile, token: string): string {
  const header = shellQuote(`${tokenHeader}: ${token}`);
  const trust = url.startsWith('https:') ? '--insecure ' : '';
  const file = shellQuote(`${volume}.${endings[format] ?? 'html'}`);
  return `curl --location ${trust}--header ${header} --output ${file} ${shellQuote(url)}`;
}

/** By virtctl, which reaches the export through the API server too. */
export function virtctlCommand(
  { namespace, name }: { namespace: string; name: string },
  volume: string,
): string {
  const to = shellQuote(`${volume}.img.gz`);
  return `virtctl vmexport download ${shellQuote(name)} --namespace ${shellQuote(namespace)} --volume ${shellQuote(volume)} --output ${to} --keep-vme --port-forward`;
}
