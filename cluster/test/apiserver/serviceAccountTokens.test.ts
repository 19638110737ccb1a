import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { pods, serviceAccounts } from '../../src/client/resources.ts';
import { send, startServer } from './apiServerFixture.ts';

const accountPath = '/api/v1/namespaces/default/serviceaccounts/robot';
const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';

async function withAccount() {
  const time = { now: new Date('2026-01-01T00:00:00Z') };
  const server = await startServer({ now: () => time.now });
  const account = await server.client.create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'default', name: 'robot' },
  });
  return { server, account, time };
}

async function request(server: ApiServer, spec: object = {}) {
  const reply = await send(server, 'POST', `${accountPath}/token`, { spec });
  const status = reply.body['status'] as { token: string; expirationTimestamp: string } | undefined;
  return { ...reply, token: status?.token ?? '', status };
}

const as = (token: string) => ({ authorization: `Bearer ${token}` });

async function codeWith(server: ApiServer, token: string): Promise<number> {
  return (await send(server, 'POST', whoAmI, {}, as(token))).code;
}

test('a TokenRequest answers 201 with a token by which the account is known', async () => {
  const { server, account } = await withAccount();
  const made = await request(server);
  expect(made).toMatchObject({
    code: 201,
    body: { kind: 'TokenRequest', status: { expirationTimestamp: '2026-01-01T01:00:00Z' } },
  });
  const who = await send(server, 'POST', whoAmI, {}, as(made.token));
  expect(who.body).toMatchObject({
    status: {
      userInfo: {
        username: 'system:serviceaccount:default:robot',
        uid: account.metadata.uid,
        groups: [
          'system:serviceaccounts',
          'system:serviceaccounts:default',
          'system:authenticated',
        ],
        extra: {
          'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)],
        },
      },
    },
  });
});

test('an expired token is 401', async () => {
  const { server, time } = await withAccount();
  const { token } = await request(server, { expirationSeconds: 600 });
  expect(await codeWith(server, token)).toBe(201);
  time.now = new Date('2026-01-01T00:10:00Z');
  expect(await codeWith(server, token)).toBe(401);
});

test('a token with one changed letter is 401', async () => {
  const { server } = await withAccount();
  const [header = '', claims = '', signature = ''] = (await request(server)).token.split('.');
  const other = Buffer.from(claims, 'base64url').toString().replace('robot', 'admin');
  const forged = [header, Buffer.from(other).toString('base64url'), signature].join('.');
  expect(await codeWith(server, forged)).toBe(401);
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  expect(await codeWith(server, `${none}.${claims}.`)).toBe(401);
});

test('a token ends with its account, also when one of the same name is made again', async () => {
  const { server, account } = await withAccount();
  const { token } = await request(server);
  await server.client.delete(serviceAccounts, account.metadata);
  expect(await codeWith(server, token)).toBe(401);
  await server.client.create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'default', name: 'robot' },
  });
  expect(await codeWith(server, token)).toBe(401);
});

test('a token that is bound to a pod ends with the pod', async () => {
  const { server } = await withAccount();
  const pod = await server.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name: 'p' },
    spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] },
  });
  const ref = { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: pod.metadata.uid };
  const { token } = await request(server, { boundObjectRef: ref });
  const who = await send(server, 'POST', whoAmI, {}, as(token));
  expect(who.body).toMatchObject({
    status: { userInfo: { extra: { 'authentication.kubernetes.io/pod-name': ['p'] } } },
  });
  await server.client.delete(pods, pod.metadata, { gracePeriodSeconds: 0 });
  expect(await codeWith(server, token)).toBe(401);
});

test('a token for another audience is no login, and a TokenReview tells for whom it is', async () => {
  const { server } = await withAccount();
  const { token } = await request(server, { audiences: ['vault', 'other'] });
  expect(await codeWith(server, token)).toBe(401);
  const review = async (audiences?: string[]) =>
    (await send(server, 'POST', reviews, { spec: { token, audiences } })).body['status'];
  expect(await review(['vault', 'third'])).toMatchObject({
    authenticated: true,
    audiences: ['vault'],
    user: { username: 'system:serviceaccount:default:robot' },
  });
  expect(await review()).toMatchObject({ error: expect.any(String) });
});

test.each([
  [{ expirationSeconds: 599 }, 422, 'may not specify a duration less than 10 minutes'],
  [{ boundObjectRef: { kind: 'Pod', name: 'none' } }, 404, 'pods "none" not found'],
  [{ boundObjectRef: { kind: 'ConfigMap', name: 'c' } }, 400, 'to an object of type'],
])('the TokenRequest %j is %i', async (spec, code, message) => {
  const { server } = await withAccount();
  const reply = await request(server, spec);
  expect(reply.code).toBe(code);
  expect(reply.body['message']).toContain(message);
});

test('the published key verifies a token, as an OpenID client would', async () => {
  const { server } = await withAccount();
  const { token } = await request(server);
  const configuration = await send(server, 'GET', '/.well-known/openid-configuration');
  const { keys } = (await send(server, 'GET', '/openid/v1/jwks')).body as {
    keys: { kid: string; kty: string; crv: string; x: string; y: string }[];
  };
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const jwk = keys.find((key) => key.kid === kid);
  expect(jwk).toBeDefined();
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  expect(
    verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    ),
  ).toBe(true);
  const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string };
  expect(configuration.body['issuer']).toBe(iss);
});
