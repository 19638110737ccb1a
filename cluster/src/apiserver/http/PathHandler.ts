import { methodNotAllowed, pathNotFound } from '../ApiError.ts';
import type { ApiReply } from '../ApiReply.ts';
import type { OpenIdDocuments } from '../auth/openId.ts';
import type { Registry } from '../Registry.ts';
import type { Discovery } from './discovery.ts';
import type { HttpRequest } from './HttpRequest.ts';
import {
  openApiDocument,
  openApiIndex,
  openApiV2,
  openApiV2Document,
  openApiV2Protobuf,
} from './openApi.ts';
import type { RequestInfo } from './requestInfo.ts';

/** The Kubernetes release whose API conventions this server follows. */
const kubernetesMinor = 33;

const healthPaths = new Set(['/healthz', '/livez', '/readyz']);

/**
 * `/readyz`, `/readyz?verbose`, `/readyz/ping`. That it answers is the one thing checked: the store is read
 * before the server listens, and what fails later ends the program.
 */
function healthText(fullPath: string, query: URLSearchParams): string | undefined {
  const path = fullPath.replace(/\/ping$/, '');
  if (!healthPaths.has(path)) return undefined;
  if (path !== fullPath || !query.has('verbose')) return 'ok';
  return `[+]ping ok\n${path.slice(1)} check passed\n`;
}

/** Answers everything that is not about objects: discovery, version, health, OpenAPI. */
export class PathHandler {
  constructor(
    private readonly registry: Registry,
    private readonly discovery: Discovery,
    private readonly openId: OpenIdDocuments,
  ) {}

  reply(request: HttpRequest, info: Exclude<RequestInfo, { kind: 'resource' }>): ApiReply {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    const health =
      info.kind === 'path' ? healthText(info.path, request.url.searchParams) : undefined;
    if (health !== undefined) return { code: 200, text: health };
    if (info.kind === 'path' && wantsAggregated(request.header('accept'))) {
      const path = info.path.replace(/\/+$/, '');
      if (path === '/api') return aggregatedReply(this.discovery.aggregatedDiscovery(true));
      if (path === '/apis') return aggregatedReply(this.discovery.aggregatedDiscovery(false));
    }
    const asksForProtobuf = request.header('accept')?.includes(openApiV2Protobuf) ?? false;
    if (info.kind === 'path' && info.path === '/openapi/v2' && asksForProtobuf) {
      return { code: 200, bytes: openApiV2Document(), contentType: openApiV2Protobuf };
    }
    const found = info.kind === 'group' ? this.groupVersion(info) : this.path(request, info.path);
    if (found === undefined) throw pathNotFound();
    return { code: 200, json: found };
  }

  private groupVersion({ group, version }: { group: string; version: string }): unknown {
    return this.discovery.resourceList(group, version);
  }

  private path(request: HttpRequest, fullPath: string): unknown {
    const path = fullPath.replace(/\/+$/, '');
    if (path === '/api') return this.discovery.coreVersions(request.header('host') ?? '');
    if (path === '/apis') return this.discovery.groupList();
    if (path === '/version') return version;
    if (path in this.openId) return this.openId[path];
    if (path === '') return { paths: this.rootPaths() };
    if (path === '/openapi/v2') return openApiV2(this.registry);
    if (path === '/openapi/v3') return openApiIndex(this.registry);
    const document = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
    if (document !== undefined) return openApiDocument(this.registry, document);
    const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
    return group === undefined ? undefined : this.discovery.group(group);
  }

  private rootPaths(): string[] {
    const groups = this.discovery
      .groupVersions()
      .map(({ group, version }) =>
        group === '' ? `/api/${version}` : `/apis/${group}/${version}`,
      );
    return [
      '/api',
      '/apis',
      ...groups,
      ...healthPaths,
      '/openapi/v2',
      '/openapi/v3',
      '/version',
      ...Object.keys(this.openId),
    ];
  }
}

const version = {
  major: '1',
  minor: String(kubernetesMinor),
  gitVersion: `v1.${kubernetesMinor}.0+virtdeck`,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: `node ${process.version}`,
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

/** Clients tell this form from the older one by the media type alone. */
function aggregatedReply(list: object): ApiReply {
  return {
    code: 200,
    bytes: Buffer.from(JSON.stringify(list)),
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  };
}

/** kubectl asks for all groups at once; the first form that it names and we know wins. */
function wantsAggregated(accept: string | undefined): boolean {
  return (accept ?? '')
    .split(',')
    .some((range) => /;v=v2(;|$)/.test(range) && range.includes('g=apidiscovery.k8s.io'));
}
