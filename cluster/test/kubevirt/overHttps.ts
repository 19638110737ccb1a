import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import type { UserInfo } from '../../src/apiserver/auth/UserInfo.ts';
import { type HttpsClient, httpsClient } from '../../src/client/httpsClient.ts';
import type { KubeClient } from '../../src/client/KubeClient.ts';
import { serviceAccounts } from '../../src/client/resources.ts';
import { identities } from '../../src/control-plane/identities.ts';
import { listenOnce } from './listenOnce.ts';

/** The clock of the tests skips hours, and no token is to expire by that. */
const tokenSeconds = 10 * 365 * 86_400;

export interface RemoteControlPlane {
  connect(api: ApiServer): Promise<(identity: UserInfo) => KubeClient>;
  close(): void;
  /** What a part asked for without having the right to it. */
  readonly refusals: readonly string[];
}

/**
 * Lets the control plane reach the API over HTTPS: each part by a token of its service account, or by a
 * certificate when it has none, with no rights but those that its roles grant.
 */
export function remoteControlPlane(nodes: number): RemoteControlPlane {
  const clients = new Map<string, HttpsClient>();
  const refusals: string[] = [];
  const { kubelet, ...others } = identities;
  const kubelets = Array.from({ length: nodes }, (_, index) => kubelet(`node-${index + 1}`));
  return {
    refusals,
    async connect(api) {
      const { url } = await listenOnce(api);
      const certificateAuthority = api.certificateAuthority ?? '';
      for (const identity of [...Object.values(others), ...kubelets]) {
        const credentials = await credentialsOf(api, identity);
        const client = httpsClient({ url, certificateAuthority, identity: credentials });
        clients.set(identity.username, noteRefusals(client, refusals));
      }
      return ({ username }) => {
        const client = clients.get(username);
        if (client === undefined) throw new Error(`nobody has logged in as ${username}`);
        return client;
      };
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

async function credentialsOf(api: ApiServer, identity: UserInfo) {
  const account = /^system:serviceaccount:(.+):(.+)$/.exec(identity.username);
  if (account === null) return api.issueCertificate(identity);
  const [, namespace = '', name = ''] = account;
  const { metadata } = await api.client.get(serviceAccounts, { namespace, name });
  return api.tokens.issue({
    namespace,
    account: metadata,
    audiences: ['https://kubernetes.default.svc.cluster.local'],
    expirationSeconds: tokenSeconds,
  });
}

/** RBAC says who `cannot` do what; other refusals, such as a namespace that ends, are no matter. */
const refusal = / User ".*" cannot /;

function noteRefusals(client: HttpsClient, refusals: string[]): HttpsClient {
  const note = (error: unknown) => {
    if (error instanceof Error && refusal.test(error.message)) refusals.push(error.message);
  };
  const noted = <T>(answer: Promise<T>): Promise<T> => {
    answer.catch(note);
    return answer;
  };
  return {
    get: (...of) => noted(client.get(...of)),
    list: (...of) => noted(client.list(...of)),
    create: (...of) => noted(client.create(...of)),
    update: (...of) => noted(client.update(...of)),
    updateStatus: (...of) => noted(client.updateStatus(...of)),
    patch: (...of) => noted(client.patch(...of)),
    delete: (...of) => noted(client.delete(...of)),
    watch: (ref, options, onEvent, onEnd) =>
      client.watch(ref, options, onEvent, (error) => {
        note(error);
        onEnd(error);
      }),
    close: () => client.close(),
  };
}
