import type { AggregatedGroup } from '../AggregatedGroup.ts';
import type { ApiContext, Target } from '../ApiContext.ts';
import {
  forbidden,
  forbiddenPath,
  methodNotAllowed,
  notImplemented,
  pathNotFound,
  RawReplyError,
} from '../ApiError.ts';
import type { ApiReply } from '../ApiReply.ts';
import { denialText, type Attributes, type Authorize } from '../auth/Authorize.ts';
import { authenticateRequest, type AuthenticateToken } from '../auth/authenticateRequest.ts';
import type { Peer } from '../auth/clientCertificate.ts';
import { impersonate } from '../auth/impersonate.ts';
import { systemUser, type UserInfo } from '../auth/UserInfo.ts';
import type { ApiRequest, ConnectSubresource, UpgradeHandler } from '../ResourceDefinition.ts';
import type { OpenIdDocuments } from '../auth/openId.ts';
import { bearerToken } from './bearerToken.ts';
import type { Discovery } from './discovery.ts';
import type { HttpRequest } from './HttpRequest.ts';
import { PathHandler } from './PathHandler.ts';
import { decodeBody } from './requestBody.ts';
import { representationFor, type Representation } from './representation.ts';
import { attributesOf, requestInfo, type ResourceInfo } from './requestInfo.ts';
import { handleResource } from './resourceHandler.ts';
import { RouteTable, type RouteMatch } from './RouteTable.ts';

/** How a request is to be answered. */
export type Answer =
  | { kind: 'reply'; reply: ApiReply }
  | { kind: 'watch'; target: Target; form: Representation }
  | { kind: 'socket'; upgrade: UpgradeHandler; request: ApiRequest };

/** A request before its user is known. */
export type IncomingRequest = Omit<HttpRequest, 'user'> & {
  readonly isUpgrade: boolean;
  readonly peer: Peer;
};

export interface PipelineParts {
  readonly context: ApiContext;
  readonly aggregated: readonly AggregatedGroup[];
  readonly discovery: Discovery;
  readonly openId: OpenIdDocuments;
  readonly authenticate: AuthenticateToken;
  readonly authorize: Authorize;
}

/** Every request's way: who is it, what does it want, may it, then the answer. */
export class RequestPipeline {
  private readonly routes: RouteTable;
  private readonly paths: PathHandler;

  constructor(private readonly parts: PipelineParts) {
    this.routes = new RouteTable(parts.aggregated);
    this.paths = new PathHandler(parts.context.registry, parts.discovery, parts.openId);
  }

  /** Rejects with an ApiError or a RawReplyError. */
  async answer(incoming: IncomingRequest, warn: (text: string) => void): Promise<Answer> {
    const { pathname, searchParams } = incoming.url;
    const user = await this.authenticate(incoming);
    const request: HttpRequest = { ...incoming, header: (name) => incoming.header(name), user };
    const info = requestInfo(pathname);
    const attributes = attributesOf(info, request.method, searchParams);
    if (info.kind !== 'resource') {
      await this.authorize(user, attributes);
      return { kind: 'reply', reply: this.paths.reply(request, info) };
    }
    if (this.routes.has(info.group, info.version)) {
      return this.answerRoute(request, incoming.isUpgrade, info, attributes);
    }
    await this.authorize(user, attributes);
    const answer = await handleResource(this.parts.context, request, info, warn);
    if ('watch' in answer) {
      const form = representationFor(request.header('accept'));
      return { kind: 'watch', target: answer.watch, form };
    }
    if ('connect' in answer) return this.connect(request, incoming.isUpgrade, info, answer.connect);
    return { kind: 'reply', reply: answer };
  }

  private async authenticate(request: IncomingRequest): Promise<UserInfo> {
    const { authenticate, authorize } = this.parts;
    const user = await authenticateRequest(authenticate, request.peer, bearerToken(request));
    return impersonate(user, request.headers, authorize);
  }

  private async authorize(user: UserInfo, attributes: Attributes): Promise<void> {
    const decision = await this.parts.authorize(user, attributes);
    if (decision.allowed) return;
    const why = denialText(user, attributes, decision.reason);
    if (attributes.kind === 'path') throw forbiddenPath(attributes.path, why);
    const { group, resource, name } = attributes;
    throw forbidden({ group, plural: resource }, name, why);
  }

  private async answerRoute(
    request: HttpRequest,
    isUpgrade: boolean,
    info: ResourceInfo,
    attributes: Attributes,
  ): Promise<Answer> {
    const { group, version } = info;
    const path = request.url.pathname.replace(/^\/apis\/[^/]+\/[^/]+/, '');
    const matches = this.routes.find(group, version, request.method, path);
    const isSocket = ({ route }: RouteMatch) => route.method === 'WEBSOCKET';
    const match = matches.find((candidate) => isSocket(candidate) === isUpgrade) ?? matches[0];
    if (match === undefined) {
      await this.authorize(request.user, attributes);
      if (this.routes.knows(group, version, path)) throw methodNotAllowed();
      throw pathNotFound();
    }
    const { route } = match;
    if (route.anyUser !== true) await this.authorizeRoute(request.user, attributes, match);
    const apiRequest = this.apiRequest(request, isUpgrade, match.params);
    if (route.method === 'WEBSOCKET') {
      return { kind: 'socket', upgrade: route.upgrade, request: apiRequest };
    }
    return { kind: 'reply', reply: await route.handler(apiRequest) };
  }

  /**
   * Two stages, as with an aggregated API server: the first segment of the subresource as any other
   * request, then all of it, whose refusal is a plain 401 (KubeVirt pkg/virt-api/rest/authorizer.go).
   */
  private async authorizeRoute(
    user: UserInfo,
    attributes: Attributes,
    { suffix }: RouteMatch,
  ): Promise<void> {
    await this.authorize(user, attributes);
    if (attributes.kind === 'path' || suffix === '' || suffix === attributes.subresource) return;
    const whole = { ...attributes, subresource: suffix };
    const decision = await this.parts.authorize(user, whole);
    if (decision.allowed) return;
    throw new RawReplyError({ code: 401, text: denialText(user, whole, decision.reason) });
  }

  private async connect(
    request: HttpRequest,
    isUpgrade: boolean,
    info: ResourceInfo,
    connect: ConnectSubresource,
  ): Promise<Answer> {
    const { namespace = '', name = '', subresource } = info;
    const apiRequest = this.apiRequest(request, isUpgrade, { namespace, name, subresource });
    if (connect.upgrade !== undefined && (isUpgrade || connect.handler === undefined)) {
      return { kind: 'socket', upgrade: connect.upgrade, request: apiRequest };
    }
    if (connect.handler === undefined) {
      throw notImplemented(`${request.method} ${request.url.pathname}`);
    }
    return { kind: 'reply', reply: await connect.handler(apiRequest) };
  }

  private apiRequest(
    request: HttpRequest,
    isUpgrade: boolean,
    params: Readonly<Record<string, string>>,
  ): ApiRequest {
    return {
      method: request.method,
      path: request.url.pathname,
      query: request.url.searchParams,
      params,
      headers: request.headers,
      body: decodeBody(request.header('content-type'), request.body),
      user: request.user,
      client: this.parts.context.clientFor(systemUser),
      signal: request.signal,
      isUpgrade,
    };
  }
}
