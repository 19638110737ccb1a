/** What is asked of the local cluster; the tests give one that has it. */
export interface TestCluster {
  send: (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    how?: { body?: unknown; contentType?: string },
  ) => Promise<{ code: number; text: string; body: Record<string, unknown> }>;
  cluster: { stopNode: (name: string) => Promise<void> };
  clock: { skip: (milliseconds: number) => void };
}

/** Makes a rule apply to the VM `name` of the namespace `rule`. */
export interface Provocation {
  /** Of the VM, `web` unless the simulated guest is asked for something by it. */
  name?: string;
  /** Merged into the spec of its template. */
  template?: { domain?: object; [field: string]: unknown };
  /** Merged into its spec. */
  spec?: object;
  annotations?: Readonly<Record<string, string>>;
  before?: (cluster: TestCluster, namespace: string) => Promise<void>;
  /** Once it runs. */
  after?: (cluster: TestCluster, namespace: string, name: string) => Promise<void>;
  /** The sentence as it is shown. */
  sentence: string;
  /** What mends it may have to wait for a migration that is under way. */
  fixWaits?: boolean;
}

export const quota = (hard: object) => async (cluster: TestCluster, namespace: string) => {
  await post(cluster, `/api/v1/namespaces/${namespace}/resourcequotas`, {
    ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard } },
  });
};

export async function post({ send }: TestCluster, url: string, body: object): Promise<void> {
  const { code, text } = await send('POST', url, { body });
  if (code >= 300) throw new Error(`POST ${url}: ${code} ${text}`);
}

export const vmsUrl = (namespace: string) =>
  `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;

export async function patch({ send }: TestCluster, url: string, body: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const { code, text } = await send('PATCH', url, { body, contentType });
  if (code >= 300) throw new Error(`PATCH ${url}: ${code} ${text}`);
}

/** Waits for the status of a VM, as kubectl prints it. */
export async function until(cluster: TestCluster, url: string, status: string): Promise<void> {
  const { body } = await cluster.send('GET', url);
  const { printableStatus } = (body['status'] ?? {}) as { printableStatus?: string };
  if (printableStatus === status) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await until(cluster, url, status);
}

/** Waits until an object is as it is wished. */
export async function untilIs(
  cluster: TestCluster,
  url: string,
  is: (object: { status?: Record<string, unknown> }) => boolean,
): Promise<void> {
  const { code, body } = await cluster.send('GET', url);
  if (code < 300 && is(body)) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await untilIs(cluster, url, is);
}

export const instancesUrl = (namespace: string) =>
  `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances`;

export const dataVolumesUrl = (namespace: string) =>
  `/apis/cdi.kubevirt.io/v1beta1/namespaces/${namespace}/datavolumes`;

/** A DataVolume that is there before the VM. */
export const dataVolume = (name: string, spec: object) => ({
  ...{ apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', metadata: { name } },
  spec,
});

/** Of the one KubeVirt of a cluster. */
export const configure = (configuration: object) => (cluster: TestCluster) =>
  patch(cluster, '/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt', {
    spec: { configuration },
  });

/** A disk that a DataVolume is to make. */
export const disk = (spec: object) => ({
  spec: { dataVolumeTemplates: [{ metadata: { name: 'root' }, spec }] },
  template: {
    domain: { devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
    volumes: [{ name: 'root', dataVolume: { name: 'root' } }],
  },
});
export const room = (more: object = {}) => ({
  storage: { resources: { requests: { storage: '64Mi' } }, ...more },
});
export const claimed = (more: object) => ({
  pvc: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } }, ...more },
});
export const imported = (url: string) => disk({ source: { http: { url } }, ...room() });
export const containerDisk = (image: string, more: object = {}) => ({
  template: {
    domain: { devices: { disks: [{ name: 'root', disk: {} }] } },
    volumes: [{ name: 'root', containerDisk: { image, ...more } }],
  },
});
export const blank = { source: { blank: {} } };
/** Servers that answer imports, see the test. */
export interface Servers {
  /** Answers with the number of its path; `/large` is an image of 2 MiB, `/chained` one that needs another. */
  web: string;
  secure: string;
  /** A registry that lets nobody in. */
  registry: string;
}
