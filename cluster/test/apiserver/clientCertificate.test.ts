import { request } from 'node:https';
import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { bobToken, startServer } from './apiServerFixture.ts';

/** Asks over TLS who one is. */
async function whoAmI(
  server: ApiServer,
  credentials: { cert?: string; key?: string; headers?: Record<string, string> },
): Promise<{ code: number; body: Record<string, unknown> }> {
  const { url } = await server.listen({ port: 0 });
  const { headers = {}, ...identity } = credentials;
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL('/apis/authentication.k8s.io/v1/selfsubjectreviews', url),
      {
        method: 'POST',
        ...(server.certificateAuthority !== undefined && { ca: server.certificateAuthority }),
        ...identity,
        headers: { 'content-type': 'application/json', ...headers },
        agent: false,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () =>
          resolve({
            code: response.statusCode ?? 0,
            body: JSON.parse(text) as Record<string, unknown>,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end('{}');
  });
}

test('a certificate of the cluster is its common name, in the groups of its organizations', async () => {
  const server = await startServer({ plainHttp: false });
  const identity = await server.issueCertificate({ username: 'ann', groups: ['crew', 'night'] });
  expect(await whoAmI(server, identity)).toMatchObject({
    code: 201,
    body: {
      status: {
        userInfo: { username: 'ann', groups: ['crew', 'night', 'system:authenticated'] },
      },
    },
  });
});

test('a certificate of another authority is 401', async () => {
  const other = await startServer({ plainHttp: false });
  const server = await startServer({ plainHttp: false });
  const identity = await other.issueCertificate({ username: 'ann', groups: ['system:masters'] });
  expect((await whoAmI(server, identity)).code).toBe(401);
});

test('a good token counts beside a certificate of another authority', async () => {
  const other = await startServer({ plainHttp: false });
  const server = await startServer({ plainHttp: false });
  const identity = await other.issueCertificate({ username: 'ann', groups: ['system:masters'] });
  const headers = { authorization: `Bearer ${bobToken}` };
  expect(await whoAmI(server, { ...identity, headers })).toMatchObject({
    code: 201,
    body: { status: { userInfo: { username: 'bob' } } },
  });
});
