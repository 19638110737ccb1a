import { stringify } from 'yaml';

import type { ReadyUser } from './users.ts';

export interface KubeconfigParts {
  readonly url: string;
  /** PEM; undefined with plain HTTP. */
  readonly certificateAuthority: string | undefined;
  readonly adminToken: string;
  /** Users with a client certificate and its key in PEM. */
  readonly users: readonly (ReadyUser & { readonly cert: string; readonly key: string })[];
}

/** A kubeconfig with a context for each user, named as the user; the administrator's is current. */
export function kubeconfigText(parts: KubeconfigParts): string {
  const name = 'virtdeck';
  const { certificateAuthority: ca } = parts;
  const cluster = {
    server: parts.url,
    ...(ca !== undefined && { 'certificate-authority-data': base64(ca) }),
  };
  const context = (user: string, namespace: string) => ({
    name: user,
    context: { cluster: name, user, namespace },
  });
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [
      { name: 'admin', user: { token: parts.adminToken } },
      ...parts.users.map(({ username, cert, key }) => ({
        name: username,
        user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
      })),
    ],
    contexts: [
      context('admin', 'default'),
      ...parts.users.map(({ username, namespace }) => context(username, namespace)),
    ],
    'current-context': 'admin',
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
