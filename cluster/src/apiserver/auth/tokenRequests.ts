import { timestamp } from '../../client/timestamp.ts';
import { badRequest, conflict, invalid, notFound } from '../ApiError.ts';
import type { ApiReply } from '../ApiReply.ts';
import { fieldAt, isObject, type JsonObject } from '../json.ts';
import type { ApiRequest, ResourceDefinition } from '../ResourceDefinition.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { type BoundObject, issuer, type ServiceAccountTokens } from './ServiceAccountTokens.ts';

const shortestSeconds = 600;
const longestSeconds = 2 ** 32;
const usualSeconds = 3600;

interface Parts {
  readonly store: ObjectStore;
  readonly tokens: ServiceAccountTokens;
  readonly now: () => Date;
}

/**
 * Service accounts with the subresource `token`, by which a client asks for a token of the account
 * (Kubernetes: pkg/registry/core/serviceaccount/storage/token.go, v1.33).
 */
export function withTokenRequests(
  serviceAccounts: ResourceDefinition,
  parts: Parts,
): ResourceDefinition {
  return {
    ...serviceAccounts,
    connect: {
      ...serviceAccounts.connect,
      token: {
        verbs: ['create'],
        kind: 'TokenRequest',
        groupVersion: { group: 'authentication.k8s.io', version: 'v1' },
        handler: (request) => answer(request, parts),
      },
    },
  };
}

function answer(request: ApiRequest, { store, tokens, now }: Parts): ApiReply {
  const { namespace = '', name = '' } = request.params;
  const account = store.get('serviceaccounts', namespace, name);
  if (account === undefined) throw notFound({ group: '', plural: 'serviceaccounts' }, name);
  const body = request.body ?? {};
  if (!isObject(body)) throw badRequest('the body must be a TokenRequest object');
  const given = isObject(body['spec']) ? body['spec'] : {};
  const spec = specOf(given, name);
  const bound = boundObject(store, namespace, name, given['boundObjectRef']);
  const { token, expiry } = tokens.issue({
    namespace,
    account: { name, uid: account.object.metadata.uid },
    ...spec,
    bound,
  });
  const boundObjectRef = bound && { apiVersion: 'v1', ...bound };
  return {
    code: 201,
    json: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(now()) },
      spec: { ...spec, ...(boundObjectRef && { boundObjectRef }) },
      status: { token, expirationTimestamp: timestamp(expiry) },
    },
  };
}

function specOf(given: JsonObject, name: string) {
  const expirationSeconds = given['expirationSeconds'] ?? usualSeconds;
  const wrong = (why: string) =>
    invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.expirationSeconds',
        message: `Invalid value: ${JSON.stringify(expirationSeconds)}: ${why}`,
      },
    ]);
  if (!Number.isInteger(expirationSeconds)) throw wrong('must be an integer');
  const seconds = Number(expirationSeconds);
  if (seconds < shortestSeconds) throw wrong('may not specify a duration less than 10 minutes');
  if (seconds > longestSeconds) throw wrong('may not specify a duration larger than 2^32 seconds');
  const audiences = Array.isArray(given['audiences']) ? given['audiences'].map(String) : [];
  return {
    audiences: audiences.length === 0 ? [issuer] : audiences,
    expirationSeconds: seconds,
  };
}

const boundKinds = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const;

function boundObject(
  store: ObjectStore,
  namespace: string,
  account: string,
  ref: unknown,
): BoundObject | undefined {
  if (ref === undefined || ref === null) return undefined;
  const { kind, apiVersion, name, uid } = isObject(ref) ? ref : {};
  if (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node') {
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to an object of type ${String(apiVersion)}, Kind=${String(kind)}`,
    );
  }
  const resource = { group: '', plural: boundKinds[kind] };
  const found = store.get(resource.plural, kind === 'Node' ? '' : namespace, String(name));
  if (found === undefined) throw notFound(resource, String(name));
  const is = found.object.metadata.uid;
  if (typeof uid === 'string' && uid !== '' && uid !== is) {
    throw conflict(
      resource,
      found.name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const runsAs = fieldAt(found.object, ['spec', 'serviceAccountName']) ?? 'default';
  if (kind === 'Pod' && runsAs !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
    );
  }
  return { kind, name: found.name, uid: is };
}
