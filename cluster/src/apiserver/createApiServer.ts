import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { ensure } from '../client/ensure.ts';
import { ensureRoles } from '../client/ensureRoles.ts';
import { inProcessClient } from '../client/inProcessClient.ts';
import type { KubeClient, ResourceRef } from '../client/KubeClient.ts';
import { namespaces } from '../client/resources.ts';
import type { AggregatedGroup } from './AggregatedGroup.ts';
import type { ApiContext } from './ApiContext.ts';
import { qualifiedResource } from './ApiError.ts';
import { accessReviews } from './auth/accessReviews.ts';
import type { Authorize } from './auth/Authorize.ts';
import { type AuthenticateToken, tokenAuthenticator } from './auth/authenticateRequest.ts';
import { guardEscalation } from './auth/escalation.ts';
import { openIdDocuments } from './auth/openId.ts';
import { rbac, rulesFor } from './auth/rbac.ts';
import { ServiceAccountTokens } from './auth/ServiceAccountTokens.ts';
import { signingKey } from './auth/signingKey.ts';
import { withTokenRequests } from './auth/tokenRequests.ts';
import { systemUser, type Authenticate, type UserInfo } from './auth/UserInfo.ts';
import { userRoleBindings, userRoles } from './auth/userRoles.ts';
import { builtinResources } from './builtins/builtinResources.ts';
import { apiServices } from './http/apiServices.ts';
import { issueClientCertificate, serverCertificate } from './http/certificate.ts';
import { CustomResources } from './custom-resources/CustomResources.ts';
import { definitionResource } from './custom-resources/definitionResource.ts';
import { Discovery } from './http/discovery.ts';
import { HttpServer } from './http/HttpServer.ts';
import { RequestPipeline } from './http/RequestPipeline.ts';
import { Registry } from './Registry.ts';
import { type ResourceDefinition, storageVersion } from './ResourceDefinition.ts';
import { publishApiServer } from './services/publishApiServer.ts';
import { ServiceAddresses } from './services/ServiceAddresses.ts';
import { withServiceAddresses } from './services/withServiceAddresses.ts';
import { ObjectStore } from './storage/ObjectStore.ts';
import { SnapshotCache } from './storage/SnapshotCache.ts';

export interface ApiServerOptions {
  /** Folder for the objects and the server's certificate; made when it is not there. */
  readonly dataDir: string;
  /** Resources besides the built-in ones; one of the same group and plural replaces a built-in. */
  readonly resources?: readonly ResourceDefinition[];
  readonly aggregated?: readonly AggregatedGroup[];
  /** Fixed tokens; those of service accounts are known besides. */
  readonly authenticate: Authenticate;
  /** Absent: RBAC over the stored roles and bindings, with `system:masters` allowed everything. */
  readonly authorize?: Authorize;
  /** For creationTimestamp and the like. */
  readonly now?: () => Date;
  /** Changes per resource that a watch can resume from. */
  readonly watchLogLimit?: number;
  /** Told of failures that no client gets to see in full. */
  readonly log?: (message: string) => void;
  /** Plain HTTP instead of TLS. kubectl sends no token over plain HTTP. */
  readonly plainHttp?: boolean;
}

export interface ApiServer {
  /** Acts as the server itself. */
  readonly client: KubeClient;
  /** A client that acts as the given user; admission sees the name. It is not authorised. */
  clientFor(user: UserInfo): KubeClient;
  /** Everything that is stored, in the version in which it is kept. */
  resources(): ResourceRef[];
  /** How many objects of a resource there are. */
  count(resource: ResourceRef): number;
  /** Answers one HTTP request without a socket. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Serves HTTP(S) and WebSockets; `host` is 127.0.0.1 when absent, port 0 any free one. */
  listen(options: { port: number; host?: string }): Promise<{ url: string; port: number }>;
  /** PEM of the authority that signed the server's certificate; undefined with plain HTTP. */
  readonly certificateAuthority: string | undefined;
  /** A client certificate in PEM by which the user logs in; rejects with plain HTTP. */
  issueCertificate(user: UserInfo): Promise<{ cert: string; key: string }>;
  readonly tokens: ServiceAccountTokens;
  /** Ends all requests, then closes the store. */
  close(): Promise<void>;
}

const initialNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Opens the store and makes the API ready to be used, in process at once, over HTTP by `listen`. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const now = options.now ?? (() => new Date());
  const store = new ObjectStore(`${options.dataDir}/store`, options.watchLogLimit);
  const pki = `${options.dataDir}/pki`;
  const tokens = new ServiceAccountTokens(await signingKey(pki), store, now);
  const authorize = options.authorize ?? rbac(store);
  const resources = withBuiltins(options.resources ?? []).map((definition) => {
    switch (qualifiedResource(definition)) {
      case 'serviceaccounts':
        return withTokenRequests(definition, { store, tokens, now });
      case 'services':
        return withServiceAddresses(definition, new ServiceAddresses(store, now));
      default:
        return guardEscalation(definition, store, authorize);
    }
  });
  const definitions = definitionResource({ registry: () => context.registry, now });
  const context: ApiContext = {
    store,
    registry: new Registry([...resources, definitions]),
    snapshots: new SnapshotCache(() => now().getTime()),
    authorize,
    now,
    clientFor: (user) => inProcessClient(context, user),
  };
  const log = options.log ?? ((message) => process.stderr.write(`apiserver: ${message}\n`));
  const customResources = new CustomResources(context, log);
  customResources.start();
  const client = inProcessClient(context, systemUser);
  await createNamespaces(client);
  await ensureRoles(client, userRoles, userRoleBindings);
  const certificate = options.plainHttp === true ? undefined : await serverCertificate(pki);
  const http = new HttpServer({
    context,
    certificate,
    pipeline: pipelineFor(context, tokens, authorize, options),
    log,
  });
  return {
    client,
    certificateAuthority: certificate?.ca,
    tokens,
    issueCertificate: async (user) => {
      if (certificate === undefined) throw new Error('plain HTTP knows no certificates');
      return issueClientCertificate(certificate, user);
    },
    clientFor: (user) => context.clientFor(user),
    resources: () =>
      context.registry.resources
        .filter(({ storedAs }) => storedAs === undefined)
        .map((resource) => ({
          group: resource.group,
          version: storageVersion(resource),
          plural: resource.plural,
          kind: resource.kind,
          namespaced: resource.namespaced,
        })),
    count: (resource) => store.count(qualifiedResource(resource)),
    inject: (request) => http.app.inject(request),
    listen: async ({ port, host = '127.0.0.1' }) => {
      const opened = await http.listen(port, host);
      const scheme = certificate === undefined ? 'http' : 'https';
      if (certificate !== undefined) await publishApiServer(client, opened);
      return {
        url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${opened}`,
        port: opened,
      };
    },
    close: async () => {
      customResources.close();
      await http.close();
      await store.close();
    },
  };
}

function pipelineFor(
  context: ApiContext,
  tokens: ServiceAccountTokens,
  authorize: Authorize,
  options: ApiServerOptions,
): RequestPipeline {
  const { aggregated = [] } = options;
  const authenticate: AuthenticateToken = tokenAuthenticator(options.authenticate, tokens);
  const reviews = accessReviews({
    authenticate,
    authorize,
    rulesFor: (user, namespace) => rulesFor(context.store, user, namespace),
  });
  const registration = apiServices({
    groupVersions: () => discovery.groupVersions(),
    started: context.now(),
  });
  const discovery = new Discovery(context.registry, aggregated, [...reviews, registration]);
  return new RequestPipeline({
    context,
    authenticate,
    authorize,
    aggregated: [...reviews, registration, ...aggregated],
    discovery,
    openId: openIdDocuments(tokens),
  });
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
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
}
