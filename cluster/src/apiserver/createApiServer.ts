import { inProcessClient } from '../client/inProcessClient.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { namespaces } from '../client/resources.ts';
import type { AggregatedGroup } from './AggregatedGroup.ts';
import type { ApiContext } from './ApiContext.ts';
import { hasReason, qualifiedResource } from './ApiError.ts';
import type { Authorize } from './auth/Authorize.ts';
import { systemUser, type Authenticate, type UserInfo } from './auth/UserInfo.ts';
import { builtinResources } from './builtins/builtinResources.ts';
import { Registry } from './Registry.ts';
import type { ResourceDefinition } from './ResourceDefinition.ts';
import { ObjectStore } from './storage/ObjectStore.ts';
import { SnapshotCache } from './storage/SnapshotCache.ts';

export interface ApiServerOptions {
  /** Folder for the objects and the server's certificate; made when it is not there. */
  readonly dataDir: string;
  /** Resources besides the built-in ones; one of the same group and plural replaces a built-in. */
  readonly resources?: readonly ResourceDefinition[];
  readonly aggregated?: readonly AggregatedGroup[];
  readonly authenticate: Authenticate;
  /** Absent: RBAC over the stored roles and bindings, with `system:masters` allowed everything. */
  readonly authorize?: Authorize;
  /** For creationTimestamp and the like. */
  readonly now?: () => Date;
  /** Changes per resource that a watch can resume from. */
  readonly watchLogLimit?: number;
  /** Told of failures that no client gets to see in full. */
  readonly log?: (message: string) => void;
}

export interface ApiServer {
  /** Acts as the server itself. */
  readonly client: KubeClient;
  /** A client that acts as the given user; admission sees the name. It is not authorised. */
  clientFor(user: UserInfo): KubeClient;
  close(): Promise<void>;
}

const initialNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Opens the store and makes the API ready to be used, in process at once, over HTTP by `listen`. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const now = options.now ?? (() => new Date());
  const store = new ObjectStore(`${options.dataDir}/store`, options.watchLogLimit);
  const context: ApiContext = {
    store,
    registry: new Registry(withBuiltins(options.resources ?? [])),
    snapshots: new SnapshotCache(() => now().getTime()),
    now,
    clientFor: (user) => inProcessClient(context, user),
  };
  const client = inProcessClient(context, systemUser);
  await createNamespaces(client);
  return {
    client,
    clientFor: (user) => context.clientFor(user),
    close: () => store.close(),
  };
}

function withBuiltins(resources: readonly ResourceDefinition[]): ResourceDefinition[] {
  const replaced = new Set(resources.map(qualifiedResource));
  return [
    ...builtinResources.filter((builtin) => !replaced.has(qualifiedResource(builtin))),
    ...resources,
  ];
}

async function createNamespaces(client: KubeClient): Promise<void> {
  for (const name of initialNamespaces) {
    try {
      await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}
