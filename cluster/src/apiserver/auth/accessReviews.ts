import type { AggregatedGroup, AggregatedResource, AggregatedRoute } from '../AggregatedGroup.ts';
import { badRequest } from '../ApiError.ts';
import type { ApiReply } from '../ApiReply.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { ApiRequest } from '../ResourceDefinition.ts';
import type { PolicyRule } from '../../client/resources.ts';
import type { AuthenticateToken } from './authenticateRequest.ts';
import type { Attributes, Authorize } from './Authorize.ts';
import type { UserInfo } from './UserInfo.ts';

interface Reviewers {
  readonly authenticate: AuthenticateToken;
  readonly authorize: Authorize;
  rulesFor(user: UserInfo, namespace: string): readonly PolicyRule[];
}

/** The kinds that are questions: posted, answered with 201 and kept nowhere. */
export function accessReviews(reviewers: Reviewers): AggregatedGroup[] {
  const { authorize } = reviewers;
  return [
    group('authentication.k8s.io', [
      review('SelfSubjectReview', 'selfsubjectreviews', ({ user }) => ({
        status: { userInfo: user },
      })),
      review('TokenReview', 'tokenreviews', async ({ spec }) => ({
        spec,
        status: await reviewToken(reviewers.authenticate, spec),
      })),
    ]),
    group('authorization.k8s.io', [
      review('SelfSubjectAccessReview', 'selfsubjectaccessreviews', async ({ user, spec }) => ({
        spec,
        status: await decide(authorize, user, spec),
      })),
      review('SubjectAccessReview', 'subjectaccessreviews', ({ spec }) =>
        reviewAccess(authorize, spec),
      ),
      review(
        'LocalSubjectAccessReview',
        'localsubjectaccessreviews',
        async ({ spec, namespace }) => {
          const wanted = spec['resourceAttributes'];
          if (!isObject(wanted) || text(wanted['namespace']) !== namespace) {
            throw badRequest('spec.resourceAttributes.namespace must be the namespace of the path');
          }
          return { spec, status: await decide(authorize, subject(spec), spec) };
        },
        true,
      ),
      review('SelfSubjectRulesReview', 'selfsubjectrulesreviews', ({ user, spec }) => {
        const namespace = text(spec['namespace']);
        if (namespace === '') throw badRequest('no namespace on request');
        const rules = reviewers.rulesFor(user, namespace);
        const isPath = (rule: PolicyRule) => rule.nonResourceURLs !== undefined;
        const resourceRules = rules.filter((rule) => !isPath(rule));
        const nonResourceRules = rules.filter(isPath);
        return { status: { resourceRules, nonResourceRules, incomplete: false } };
      }),
    ]),
  ];
}

/** Answers a SubjectAccessReview: may the user of `spec` do what it asks about? */
export async function reviewAccess(authorize: Authorize, spec: JsonObject): Promise<object> {
  return { spec, status: await decide(authorize, subject(spec), spec) };
}

interface Question {
  readonly user: UserInfo;
  readonly namespace: string;
  readonly spec: JsonObject;
}

interface Review {
  readonly resource: AggregatedResource;
  readonly kind: string;
  answer(question: Question): object | Promise<object>;
}

function review(
  kind: string,
  plural: string,
  answer: Review['answer'],
  namespaced = false,
): Review {
  const singularName = kind.toLowerCase();
  const resource = { name: plural, singularName, namespaced, kind, verbs: ['create'] };
  return { resource, kind, answer };
}

function group(name: string, reviews: readonly Review[]): AggregatedGroup {
  const apiVersion = `${name}/v1`;
  return {
    group: name,
    version: 'v1',
    resources: reviews.map(({ resource }) => resource),
    routes: reviews.map((one): AggregatedRoute => {
      const scope = one.resource.namespaced ? '/namespaces/:namespace' : '';
      return {
        method: 'POST',
        path: `${scope}/${one.resource.name}`,
        handler: (request) => reply(apiVersion, one, request),
      };
    }),
  };
}

async function reply(apiVersion: string, one: Review, request: ApiRequest): Promise<ApiReply> {
  const body = request.body ?? {};
  if (!isObject(body)) throw badRequest(`the body must be a ${one.kind} object`);
  const spec = isObject(body['spec']) ? body['spec'] : {};
  const namespace = request.params['namespace'] ?? '';
  const answer = await one.answer({ user: request.user, namespace, spec });
  const metadata = { creationTimestamp: null };
  return { code: 201, json: { kind: one.kind, apiVersion, metadata, ...answer } };
}

async function reviewToken(authenticate: AuthenticateToken, spec: JsonObject): Promise<object> {
  const token = text(spec['token']);
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const audiences = Array.isArray(spec['audiences']) ? spec['audiences'].map(text) : [];
  const found = await authenticate(token, audiences.length === 0 ? undefined : audiences);
  if (found === undefined) {
    return { user: {}, error: 'the token is not known, has expired or is for other audiences' };
  }
  return { authenticated: true, ...found };
}

async function decide(authorize: Authorize, user: UserInfo, spec: JsonObject): Promise<object> {
  const decision = await authorize(user, attributes(spec));
  return {
    allowed: decision.allowed,
    ...(decision.reason === '' ? {} : { reason: decision.reason }),
  };
}

function attributes(spec: JsonObject): Attributes {
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  if (isObject(resource) === isObject(path)) {
    throw badRequest('spec needs exactly one of resourceAttributes and nonResourceAttributes');
  }
  if (isObject(path)) return { kind: 'path', verb: text(path['verb']), path: text(path['path']) };
  const field = (name: string) => (isObject(resource) ? text(resource[name]) : '');
  return {
    kind: 'resource',
    verb: field('verb'),
    group: field('group'),
    version: field('version'),
    resource: field('resource'),
    subresource: field('subresource'),
    namespace: field('namespace'),
    name: field('name'),
  };
}

function subject(spec: JsonObject): UserInfo {
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(text) : [];
  const username = text(spec['user']);
  if (username === '' && groups.length === 0) {
    throw badRequest('spec needs a user or groups to ask about');
  }
  return { username, groups };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
