import { expect, test } from 'vitest';
import { adminToken, boat, boatsPath, send, startServer } from './apiServerFixture.ts';

test('a created object has uid, generation, creationTimestamp and a growing resourceVersion', async () => {
  const server = await startServer();
  const first = await send(server, 'POST', boatsPath, boat('ann'));
  const second = await send(server, 'POST', boatsPath, boat('bea'));
  expect(first.code).toBe(201);
  expect(first.body).toMatchObject({
    apiVersion: 'sea.example.com/v1',
    kind: 'Boat',
    metadata: {
      name: 'ann',
      namespace: 'default',
      generation: 1,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    },
  });
  const versionOf = ({ body }: typeof first) =>
    Number((body['metadata'] as { resourceVersion: string }).resourceVersion);
  expect(versionOf(second)).toBeGreaterThan(versionOf(first));
});

test('a name that is taken is 409 AlreadyExists', async () => {
  const server = await startServer();
  await send(server, 'POST', boatsPath, boat('ann'));
  const reply = await send(server, 'POST', boatsPath, boat('ann'));
  expect(reply.code).toBe(409);
  expect(reply.body).toMatchObject({
    reason: 'AlreadyExists',
    message: 'boats.sea.example.com "ann" already exists',
    details: { name: 'ann', group: 'sea.example.com', kind: 'boats' },
  });
});

test('a bad name is 422 with a cause at metadata.name', async () => {
  const server = await startServer();
  const reply = await send(server, 'POST', boatsPath, boat('Ann_1'));
  expect(reply.code).toBe(422);
  expect(reply.body).toMatchObject({
    reason: 'Invalid',
    message: expect.stringContaining(
      'Boat.sea.example.com "Ann_1" is invalid: metadata.name: Invalid value: "Ann_1": a lowercase RFC 1123 subdomain',
    ) as string,
    details: { causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }] },
  });
});

test('a missing namespace is 404 on the namespace', async () => {
  const server = await startServer();
  const path = '/apis/sea.example.com/v1/namespaces/nowhere/boats';
  const ann = { ...boat('ann'), metadata: { name: 'ann' } };
  const reply = await send(server, 'POST', path, ann);
  expect(reply.code).toBe(404);
  expect(reply.body).toMatchObject({ message: 'namespaces "nowhere" not found' });
});

test('generateName makes a name', async () => {
  const server = await startServer();
  const draft = { ...boat(''), metadata: { generateName: 'boat-' } };
  const reply = await send(server, 'POST', boatsPath, draft);
  expect(reply.body).toMatchObject({
    metadata: { name: expect.stringMatching(/^boat-[a-z0-9]{5}$/) as string },
  });
});

test('a dry run checks everything and stores nothing', async () => {
  const server = await startServer();
  const dry = await send(server, 'POST', `${boatsPath}?dryRun=All`, boat('ann'));
  expect(dry.code).toBe(201);
  expect((await send(server, 'GET', `${boatsPath}/ann`)).code).toBe(404);
  await send(server, 'POST', boatsPath, boat('ann'));
  expect((await send(server, 'POST', `${boatsPath}?dryRun=All`, boat('ann'))).code).toBe(409);
});

test('the schema refuses wrong types and unknown fields, or warns of them', async () => {
  const server = await startServer();
  const wrong = { ...boat('ann'), spec: { crew: 'many' } };
  expect((await send(server, 'POST', boatsPath, wrong)).body).toMatchObject({
    code: 422,
    details: { causes: [{ field: 'spec.crew', reason: 'FieldValueTypeInvalid' }] },
  });
  const unknown = { ...boat('ann'), spec: { crew: 1, sails: 3 } };
  const strict = await send(server, 'POST', `${boatsPath}?fieldValidation=Strict`, unknown);
  expect(strict.body).toMatchObject({
    code: 400,
    message:
      'Boat in version "v1" cannot be handled as a Boat: strict decoding error: unknown field "spec.sails"',
  });
  const warned = await send(server, 'POST', boatsPath, unknown);
  expect(warned.code).toBe(201);
  expect(warned.body['spec']).toEqual({ crew: 1 });
  expect(String(warned.headers['warning'])).toContain('unknown field');
});

test('a field that is named twice is refused or warned of', async () => {
  const server = await startServer();
  const payload = JSON.stringify(boat('ann')).replace('"crew":3', '"crew":2,"crew":3');
  const post = (query: string) =>
    server.inject({
      method: 'POST',
      url: `${boatsPath}${query}`,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      payload,
    });
  expect((await post('?fieldValidation=Strict')).json()).toMatchObject({
    code: 400,
    message:
      'Boat in version "v1" cannot be handled as a Boat: strict decoding error: duplicate field "spec.crew"',
  });
  const warned = await post('');
  expect(warned.json()).toMatchObject({ spec: { crew: 3 } });
  expect(String(warned.headers['warning'])).toContain('duplicate field');
});

test('a deprecated version answers with a warning and its own apiVersion', async () => {
  const server = await startServer();
  await send(server, 'POST', boatsPath, boat('ann'));
  const reply = await send(server, 'GET', `${boatsPath.replace('v1', 'v1alpha1')}/ann`);
  expect(String(reply.headers['warning'])).toContain('sea.example.com/v1alpha1 is deprecated');
  expect(reply.body).toMatchObject({ apiVersion: 'sea.example.com/v1alpha1' });
});
