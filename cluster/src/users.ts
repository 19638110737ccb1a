import { aUser, bindRole } from './client/clusterRole.ts';
import { ensure } from './client/ensure.ts';
import { ensureRoles } from './client/ensureRoles.ts';
import type { KubeClient } from './client/KubeClient.ts';
import { namespaces } from './client/resources.ts';

/** A person who is known from the first start on, with a context of the kubeconfig. */
export interface ReadyUser {
  readonly username: string;
  readonly groups: readonly string[];
  /** Of the context. */
  readonly namespace: string;
}

/** The project whose administrator is `developer`. */
const project = 'development';

/** Those besides the administrator: one who owns a project, and one who may only look. */
export const readyUsers: readonly ReadyUser[] = [
  { username: 'developer', groups: [], namespace: project },
  { username: 'viewer', groups: [], namespace: 'default' },
];

/**
 * Gives the ready-made users their rights. Done once in a cluster's life: a project or a right that
 * was taken away later stays away.
 */
export async function installUsers(client: KubeClient): Promise<void> {
  await ensure(client, namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: project },
  });
  await ensureRoles(
    client,
    [],
    [
      bindRole('developer', [aUser('developer')], { role: 'admin', namespace: project }),
      bindRole('viewer', [aUser('viewer')], { role: 'view' }),
      bindRole('viewer-metrics', [aUser('viewer')], { role: 'cluster-monitoring-view' }),
    ],
  );
}
