import fc from 'fast-check';
import { expect } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { adminToken, boat, boatsPath, startServer } from './apiServerFixture.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Request {
  method: Method;
  url: string;
  body?: string;
  type?: string;
  accept?: string;
}

async function ask(server: ApiServer, { method, url, body, type, accept }: Request) {
  const { statusCode, payload } = await server.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { code: statusCode, payload };
}

/** Whatever is asked: an answer, or a Status that says what is wrong, and never a defect. */
async function expectSound(server: ApiServer, request: Request): Promise<void> {
  const { code, payload } = await ask(server, request);
  const shown = `${JSON.stringify(request).slice(0, 2000)} -> ${code} ${payload.slice(0, 500)}`;
  if (code < 300) return;
  expect([301, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 501, 504], shown).toContain(
    code,
  );
  const status = JSON.parse(payload) as Record<string, unknown>;
  expect(status, shown).toMatchObject({ kind: 'Status', status: 'Failure', code });
  expect(status['message'], shown).not.toMatch(/\n +at |TypeError|RangeError/);
}

export async function check<T>(
  values: fc.Arbitrary<T>,
  toRequest: (value: T) => Request,
): Promise<void> {
  const server = await startServer();
  await ask(server, {
    method: 'POST',
    url: boatsPath,
    body: JSON.stringify(boat('ann')),
    type: 'application/json',
  });
  await fc.assert(
    fc.asyncProperty(values, (value) => expectSound(server, toRequest(value))),
    { numRuns: 200 },
  );
}
