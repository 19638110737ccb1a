import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';
import { causesOf } from './shipFixture.ts';

const pods = '/api/v1/namespaces/default/pods';
const pod = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec });
const containers = [{ name: 'main', image: 'example.com/main' }];

test('an unknown field of a built-in is dropped with a warning', async () => {
  const server = await startServer();
  const { code, headers, body } = await send(server, 'POST', pods, pod({ containers, colour: 1 }));
  expect(code).toBe(201);
  expect(headers['warning']).toEqual(['299 - "unknown field \\"spec.colour\\""']);
  expect(body['spec']).not.toHaveProperty('colour');
});

test('an unknown field of a built-in is refused when the client asks for it', async () => {
  const server = await startServer();
  const url = `${pods}?fieldValidation=Strict`;
  expect(await send(server, 'POST', url, pod({ containers, colour: 1 }))).toMatchObject({
    code: 400,
    body: {
      message: expect.stringContaining(
        'strict decoding error: unknown field "spec.colour"',
      ) as string,
    },
  });
});

test('a built-in of the wrong shape cannot be decoded', async () => {
  const server = await startServer();
  expect(await send(server, 'POST', pods, pod({ containers: 'none' }))).toMatchObject({
    code: 400,
    body: {
      reason: 'BadRequest',
      message: expect.stringMatching(
        /^Pod in version "v1" cannot be handled as a Pod: spec\.containers: /,
      ) as string,
    },
  });
});

test('a built-in with a value that is none of an enumeration is refused', async () => {
  const server = await startServer();
  const spec = { containers, restartPolicy: 'Sometimes', tolerations: [{ effect: 'Never' }] };
  const reply = await send(server, 'POST', pods, pod(spec));
  expect(reply.code).toBe(422);
  expect(causesOf(reply)).toEqual([
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
    'spec.tolerations[0].effect: Unsupported value: "Never": supported values: "NoExecute", "NoSchedule", "PreferNoSchedule"',
  ]);
  const empty = await send(server, 'POST', pods, pod({ containers, dnsPolicy: '' }));
  expect(empty.code).toBe(201);
});

test('a port of a service may be named or numbered', async () => {
  const server = await startServer();
  const ports = [
    { name: 'a', port: 80, targetPort: 8080 },
    { name: 'b', port: 81, targetPort: 'http' },
  ];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports },
  };
  const { code, body } = await send(server, 'POST', '/api/v1/namespaces/default/services', service);
  expect(code).toBe(201);
  expect(body['spec']).toMatchObject({ ports });
});

test('OpenAPI refers only to models that it has', async () => {
  const server = await startServer();
  const { body } = await send(server, 'GET', '/openapi/v3/api/v1');
  const text = JSON.stringify(body);
  const names = new Set(
    [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name),
  );
  expect(names.size).toBeGreaterThan(100);
  const { schemas } = body['components'] as { schemas: object };
  expect([...names].filter((name) => !(name in schemas))).toEqual([]);
});
