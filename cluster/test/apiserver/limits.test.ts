import { expect, test } from 'vitest';
import { adminToken, boat, boatsPath, send, startServer } from './apiServerFixture.ts';

const text = (server: Awaited<ReturnType<typeof startServer>>, payload: string, type: string) =>
  server.inject({
    method: 'POST',
    url: boatsPath,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': type },
    payload,
  });

test.each([4, 10])('a body of %i MB is 413', async (megabytes) => {
  const server = await startServer();
  const draft = boat('ann');
  const annotations = { text: 'x'.repeat(megabytes * 1024 * 1024) };
  const large = { ...draft, metadata: { ...draft.metadata, annotations } };
  const reply = await send(server, 'POST', boatsPath, large);
  expect(reply.body).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
});

test.each([
  ['application/json', '[', ']'],
  ['application/yaml', '[', ']'],
])('%s that is nested a hundred thousand times is 400', async (type, open, close) => {
  const server = await startServer();
  const deep = open.repeat(100_000) + close.repeat(100_000);
  expect((await text(server, deep, type)).statusCode).toBe(400);
});

test('YAML whose aliases explode is 400', async () => {
  const server = await startServer();
  const lines = ['a0: &a0 [x, x]'];
  for (let i = 1; i < 30; i += 1) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
  expect((await text(server, lines.join('\n'), 'application/yaml')).statusCode).toBe(400);
});

test('a field __proto__ is refused, and pollutes nothing', async () => {
  const server = await startServer();
  const body =
    '{"apiVersion":"sea.example.com/v1","kind":"Boat","metadata":{"name":"ann"},"spec":{"crew":1,"__proto__":{"polluted":true}}}';
  expect((await text(server, body, 'application/json')).statusCode).toBe(400);
  expect({}).not.toHaveProperty('polluted');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/cbor'])(
  'a body of type %s is 415',
  async (type) => {
    const server = await startServer();
    const reply = await text(server, JSON.stringify(boat('ann')), type);
    expect(reply.statusCode).toBe(415);
    expect(JSON.parse(reply.payload)).toMatchObject({ reason: 'UnsupportedMediaType' });
  },
);

test('a form that is not served is 406', async () => {
  const server = await startServer();
  const reply = await send(server, 'GET', boatsPath, undefined, { accept: 'application/xml' });
  expect(reply.body).toMatchObject({ code: 406, reason: 'NotAcceptable' });
});

test.each(['limit=many', 'timeoutSeconds=x', 'resourceVersion=abc', 'labelSelector=a in (b'])(
  'the query %s is 400',
  async (query) => {
    const server = await startServer();
    const reply = await send(server, 'GET', `${boatsPath}?${encodeURI(query)}`);
    expect(reply.body).toMatchObject({ code: 400, reason: 'BadRequest' });
  },
);

test('a kind that does not fit the path is 400', async () => {
  const server = await startServer();
  const reply = await send(server, 'POST', boatsPath, { ...boat('ann'), kind: 'Ship' });
  expect(reply.body).toMatchObject({ code: 400, reason: 'BadRequest' });
});
