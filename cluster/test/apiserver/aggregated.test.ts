import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { AggregatedGroup } from '../../src/apiserver/AggregatedGroup.ts';
import { conflict, RawReplyError } from '../../src/apiserver/ApiError.ts';
import { adminToken, bobToken, send, startServer } from './apiServerFixture.ts';

const boat = { group: 'sea.example.com', plural: 'boat' };

const sailing: AggregatedGroup = {
  group: 'subresources.sea.example.com',
  version: 'v1',
  resources: [
    { name: 'boats/sail', singularName: '', namespaced: true, kind: 'Boat', verbs: ['update'] },
  ],
  routes: [
    {
      method: 'PUT',
      path: '/namespaces/:namespace/boats/:name/sail',
      handler: ({ params, body }) => {
        if (params['name'] === 'sunk') throw conflict(boat, 'sunk', 'Boat is not afloat');
        if (params['name'] === 'odd') throw new RawReplyError({ code: 500, text: 'no wind' });
        return body === undefined ? { code: 202, empty: true } : { code: 200, json: body };
      },
    },
    {
      method: 'WEBSOCKET',
      path: '/namespaces/:namespace/boats/:name/radio/:channel',
      upgrade: ({ params }) => {
        if (params['name'] === 'sunk') throw conflict(boat, 'sunk', 'Boat is not afloat');
        return (socket) => {
          socket.send(`channel ${params['channel'] ?? ''}`);
        };
      },
    },
    { method: 'GET', path: '/version', anyUser: true, handler: () => ({ code: 200, text: 'v1' }) },
  ],
};

const root = '/apis/subresources.sea.example.com/v1';
const boats = `${root}/namespaces/default/boats`;

test('a handler answers with an empty body, JSON, a Status or plain text', async () => {
  const server = await startServer({ aggregated: [sailing] });
  const headers = { authorization: `Bearer ${adminToken}` };
  const put = (name: string) =>
    server.inject({ method: 'PUT', url: `${boats}/${name}/sail`, headers });
  const empty = await put('ann');
  expect([empty.statusCode, empty.body]).toEqual([202, '']);
  expect((await put('sunk')).json()).toMatchObject({
    code: 409,
    message: 'Operation cannot be fulfilled on boat.sea.example.com "sunk": Boat is not afloat',
  });
  const odd = await put('odd');
  expect([odd.statusCode, odd.body]).toEqual([500, 'no wind']);
  expect(odd.headers['content-type']).toContain('text/plain');
});

test('discovery lists the subresources; a wrong method is 405', async () => {
  const server = await startServer({ aggregated: [sailing] });
  expect((await send(server, 'GET', root)).body).toMatchObject({
    kind: 'APIResourceList',
    resources: [{ name: 'boats/sail', verbs: ['update'] }],
  });
  expect((await send(server, 'POST', `${boats}/ann/sail`)).code).toBe(405);
  expect((await send(server, 'PUT', `${boats}/ann/fly`)).code).toBe(404);
});

test('rights are asked for, but not where anyone may', async () => {
  const server = await startServer({ aggregated: [sailing] });
  const bob = { authorization: `Bearer ${bobToken}` };
  expect((await send(server, 'PUT', `${boats}/ann/sail`, undefined, bob)).code).toBe(403);
  const version = await server.inject({ method: 'GET', url: `${root}/version`, headers: bob });
  expect(version.body).toBe('v1');
});

test('a WebSocket is refused as HTTP before it opens', async () => {
  const server = await startServer({ aggregated: [sailing] });
  const { url } = await server.listen({ port: 0 });
  const open = (name: string) => {
    const socket = new WebSocket(`${url}${boats}/${name}/radio/16`, ['plain.kubevirt.io'], {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    onTestFinished(() => {
      socket.terminate();
    });
    return socket;
  };
  const socket = open('ann');
  const text = await new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => {
      resolve(data.toString());
    });
  });
  expect([text, socket.protocol]).toEqual(['channel 16', 'plain.kubevirt.io']);
  const status = await new Promise<number | undefined>((resolve) => {
    const refused = open('sunk');
    refused.on('error', () => undefined);
    refused.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
    });
  });
  expect(status).toBe(409);
  expect((await send(server, 'GET', `${boats}/sunk/radio/16`)).code).toBe(409);
  expect((await send(server, 'GET', `${boats}/ann/radio/16`)).code).toBe(400);
});

test('every served group and version has an APIService to read', async () => {
  const server = await startServer({ aggregated: [sailing] });
  const path = '/apis/apiregistration.k8s.io/v1/apiservices';
  const { body } = await send(server, 'GET', path);
  const names = (body['items'] as { metadata: { name: string } }[]).map(
    ({ metadata }) => metadata.name,
  );
  expect(names).toEqual(
    expect.arrayContaining([
      'v1.',
      'v1.apps',
      'v1.sea.example.com',
      'v1.subresources.sea.example.com',
    ]),
  );
  expect((await send(server, 'GET', `${path}/v1.apps`)).body).toMatchObject({
    spec: { group: 'apps', version: 'v1' },
    status: { conditions: [{ type: 'Available', status: 'True' }] },
  });
  expect((await send(server, 'GET', `${path}/v1.nowhere`)).body).toMatchObject({
    code: 404,
    message: 'apiservices.apiregistration.k8s.io "v1.nowhere" not found',
  });
});
