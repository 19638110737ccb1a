import { hasReason } from '../apiserver/ApiError.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type ConfigMap, configMaps, type Namespace } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  namespaces: Informer<Namespace>;
  configMaps: Informer<ConfigMap>;
  /** PEM that clients verify the API server by; '' publishes none. */
  certificateAuthority: string;
}

/** The ConfigMap that every namespace has. */
export const rootCaName = 'kube-root-ca.crt';

const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/**
 * Every namespace has the authority of the API server in a ConfigMap, whoever changes or deletes it. Kubernetes:
 * pkg/controller/certificates/rootcacertpublisher/publisher.go, v1.33.
 */
export class RootCaPublisher {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** `key` is that of a namespace. */
  async reconcile(key: ObjectKey): Promise<void> {
    const { client, certificateAuthority } = this.#is;
    const namespace = this.#is.namespaces.get(key);
    if (!namespace || namespace.metadata.deletionTimestamp || certificateAuthority === '') return;
    const metadata = {
      namespace: key.name,
      name: rootCaName,
      annotations: { 'kubernetes.io/description': description },
    };
    const data = { 'ca.crt': certificateAuthority };
    const known = this.#is.configMaps.get(metadata);
    if (known) {
      if (known.data?.['ca.crt'] === certificateAuthority && Object.keys(known.data).length === 1) {
        return;
      }
      const annotations = { ...known.metadata.annotations, ...metadata.annotations };
      const next = { ...known, data, metadata: { ...known.metadata, annotations } };
      await ignoreGone(client.update(configMaps, next));
      return;
    }
    try {
      await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    } catch (error) {
      // It is there already, or its namespace is going.
      const expected = ['AlreadyExists', 'NotFound', 'Forbidden'] as const;
      if (!expected.some((reason) => hasReason(error, reason))) throw error;
    }
  }
}
