import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Secret, secrets, type ServiceAccount } from '../client/resources.ts';

/** What makes the token of an account for a Secret; the holder of the signing key gives it. */
export type SignSecretToken = (
  namespace: string,
  account: { name: string; uid: string },
  secret: string,
) => string;

interface Dependencies {
  client: KubeClient;
  secrets: Informer<Secret>;
  serviceAccounts: Informer<ServiceAccount>;
  signSecretToken: SignSecretToken;
  /** PEM that clients verify the API server by. */
  certificateAuthority: string;
}

const secretType = 'kubernetes.io/service-account-token';
const annotation = {
  name: 'kubernetes.io/service-account.name',
  uid: 'kubernetes.io/service-account.uid',
};

/**
 * Fills Secrets of type service-account-token, and removes them with their account. Kubernetes:
 * pkg/controller/serviceaccount/tokens_controller.go, v1.33.
 */
export class TokensController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const secret = this.#is.secrets.get(key);
    if (secret?.type !== secretType || secret.metadata.deletionTimestamp) return;
    const { name, namespace = '', uid, annotations = {} } = secret.metadata;
    const wanted = annotations[annotation.uid];
    const account = this.#is.serviceAccounts.get({
      namespace,
      name: annotations[annotation.name] ?? '',
    });
    if (!account || (wanted !== undefined && wanted !== account.metadata.uid)) {
      await ignoreGone(this.#is.client.delete(secrets, key, { preconditions: { uid } }));
      return;
    }
    const { data = {} } = secret;
    if (data['token'] && data['ca.crt'] && data['namespace'] && wanted) return;
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const token =
      data['token'] ?? encode(this.#is.signSecretToken(namespace, account.metadata, name));
    const body = {
      metadata: {
        resourceVersion: secret.metadata.resourceVersion,
        annotations: { [annotation.uid]: account.metadata.uid },
      },
      data: {
        token,
        'ca.crt': encode(this.#is.certificateAuthority),
        namespace: encode(namespace),
      },
    };
    await ignoreGone(this.#is.client.patch(secrets, key, { type: 'merge', body }));
  }

  /** The token Secrets of an account, which go with it. */
  secretsOf({ namespace, name }: ObjectKey): ObjectKey[] {
    return this.#is.secrets
      .list(namespace)
      .filter(
        ({ type, metadata }) =>
          type === secretType && metadata.annotations?.[annotation.name] === name,
      )
      .map(({ metadata }) => metadata);
  }
}
