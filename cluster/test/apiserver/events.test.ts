import { expect, test } from 'vitest';
import { events } from '../../src/client/resources.ts';
import { send, startServer } from './apiServerFixture.ts';
import { kubectlFor } from './kubectlFixture.ts';
import { causesOf } from './shipFixture.ts';

const corePath = '/api/v1/namespaces/default/events';
const newPath = '/apis/events.k8s.io/v1/namespaces/default/events';
const time = '2026-01-02T03:04:05.000000Z';
const merge = { 'content-type': 'application/merge-patch+json' };

function seriesEvent(name: string, changes: object = {}) {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name },
    eventTime: time,
    reportingController: 'example.com/harbour',
    reportingInstance: 'harbour-1',
    action: 'Moor',
    reason: 'Moored',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'tug', uid: 'u-1' },
    related: { kind: 'Node', name: 'quay' },
    note: 'The tug is moored',
    type: 'Normal',
    ...changes,
  };
}

const coreEvent = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'tug' },
  reason: 'Pulled',
  message: 'The tug pulls',
  type: 'Warning' as const,
  count: 3,
  firstTimestamp: '2026-01-02T03:04:05Z',
  lastTimestamp: '2026-01-02T03:05:05Z',
  source: { component: 'kubelet', host: 'quay' },
});

test('an event of either group is one of the other too', async () => {
  const server = await startServer();
  const series = { count: 4, lastObservedTime: time };
  const made = await send(server, 'POST', newPath, seriesEvent('new', { series }));
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(made.body).toMatchObject(seriesEvent('new', { series }));
  const { eventTime, action, related } = seriesEvent('new');
  expect((await send(server, 'GET', `${corePath}/new`)).body).toMatchObject({
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject: seriesEvent('').regarding,
    message: 'The tug is moored',
    reportingComponent: 'example.com/harbour',
    ...{ eventTime, action, related, series },
  });
  await send(server, 'POST', corePath, coreEvent('old'));
  const old = await send(server, 'GET', `${newPath}/old`);
  expect(old.body).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'tug' },
    note: 'The tug pulls',
    deprecatedCount: 3,
    deprecatedFirstTimestamp: '2026-01-02T03:04:05Z',
    deprecatedLastTimestamp: '2026-01-02T03:05:05Z',
    deprecatedSource: { component: 'kubelet', host: 'quay' },
  });
  expect(old.body).not.toHaveProperty('involvedObject');
  const list = await send(server, 'GET', '/apis/events.k8s.io/v1/events');
  expect(list.body).toMatchObject({
    kind: 'EventList',
    apiVersion: 'events.k8s.io/v1',
    items: [{ metadata: { name: 'new' }, note: 'The tug is moored' }, { note: 'The tug pulls' }],
  });
});

test('events.k8s.io changes the series of an event and nothing else of it', async () => {
  const server = await startServer();
  await send(server, 'POST', newPath, seriesEvent('new'));
  const series = { count: 2, lastObservedTime: time };
  const patched = await send(server, 'PATCH', `${newPath}/new`, { series }, merge);
  expect(patched.body).toMatchObject({ series, note: 'The tug is moored' });
  const { body } = await send(server, 'GET', `${corePath}/new`);
  expect(body).toMatchObject({ series, message: 'The tug is moored' });
  const note = await send(server, 'PATCH', `${newPath}/new`, { note: 'sunk' }, merge);
  expect(causesOf(note)).toEqual(['message: Invalid value: "sunk": field is immutable']);
  expect((await send(server, 'DELETE', `${newPath}/new`)).code).toBe(200);
  expect((await send(server, 'GET', `${corePath}/new`)).code).toBe(404);
});

test('events.k8s.io refuses an incomplete event, core/v1 takes old ones', async () => {
  const server = await startServer();
  const bad = seriesEvent('bad', {
    ...{ eventTime: undefined, type: 'Loud', deprecatedCount: 3 },
    series: { count: 1 },
  });
  expect(causesOf(await send(server, 'POST', newPath, bad))).toEqual([
    'series.count: Invalid value: "": should be at least 2',
    'series.lastObservedTime: Required value',
    'eventTime: Required value',
    'type: Invalid value: "": has invalid value: Loud',
    'count: Invalid value: "": needs to be unset',
  ]);
  const nameless = seriesEvent('bad', { reportingController: '', action: undefined });
  expect(causesOf(await send(server, 'POST', newPath, nameless))).toEqual([
    'reportingController: Required value',
    expect.stringMatching(/^reportingController: Invalid value: "": name part must consist of/),
    'action: Required value',
  ]);
  const elsewhere = { ...coreEvent('far'), involvedObject: { kind: 'Pod', namespace: 'other' } };
  expect(causesOf(await send(server, 'POST', corePath, elsewhere))).toEqual([
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ]);
});

test('each group selects by its own names of fields', async () => {
  const server = await startServer();
  await send(server, 'POST', newPath, seriesEvent('new'));
  await send(server, 'POST', corePath, coreEvent('old'));
  const names = async (path: string, selector: string) => {
    const { body } = await send(server, 'GET', `${path}?fieldSelector=${selector}`);
    return (body['items'] as { metadata: { name: string } }[] | undefined)?.map(
      ({ metadata }) => metadata.name,
    );
  };
  expect(await names(newPath, 'regarding.uid=u-1')).toEqual(['new']);
  expect(await names(newPath, 'reportingController!=example.com/harbour')).toEqual(['old']);
  expect(await names(corePath, 'source=example.com/harbour')).toEqual(['new']);
  expect(await names(corePath, 'source=kubelet,involvedObject.name=tug')).toEqual(['old']);
  expect(await names(newPath, 'involvedObject.name=tug')).toBeUndefined();
});

test('a watch of events.k8s.io sees events of both groups, in their order', async () => {
  const server = await startServer();
  await server.client.create(events, coreEvent('first'));
  const seen: unknown[] = [];
  const done = new Promise<void>((resolve) => {
    const ref = { ...events, group: 'events.k8s.io' };
    server.client.watch(
      ref,
      { namespace: 'default', resourceVersion: '' },
      ({ type, object }) => {
        seen.push([type, object.metadata.name, (object as unknown as { note: string }).note]);
        if (type === 'DELETED') resolve();
      },
      () => undefined,
    );
  });
  await send(server, 'POST', newPath, seriesEvent('new'));
  await server.client.patch(
    events,
    { namespace: 'default', name: 'first' },
    { type: 'merge', body: { message: 'changed' } },
  );
  await send(server, 'DELETE', `${newPath}/new`);
  await done;
  expect(seen).toEqual([
    ['ADDED', 'first', 'The tug pulls'],
    ['ADDED', 'new', 'The tug is moored'],
    ['MODIFIED', 'first', 'changed'],
    ['DELETED', 'new', 'The tug is moored'],
  ]);
});

test('kubectl shows events of both groups', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  await server.client.create(events, coreEvent('old'));
  const file = await kubectl.write(
    seriesEvent('new', { metadata: { name: 'new', namespace: 'default' } }),
  );
  expect(await kubectl.run('create', '-f', file)).toContain('event.events.k8s.io/new created');
  const heads = /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/;
  for (const resource of ['events', 'events.events.k8s.io']) {
    const table = await kubectl.run('get', resource);
    expect(table).toMatch(heads);
    expect(table).toMatch(/Normal +Moored +pod\/tug +The tug is moored\n/);
    expect(table).toMatch(/Warning +Pulled +pod\/tug +The tug pulls\n/);
  }
  const wide = await kubectl.run('get', 'events.events.k8s.io', '-o', 'wide');
  expect(wide).toMatch(/kubelet, quay +The tug pulls +\w+ +3 +old\n/);
  expect(wide).toMatch(/example.com\/harbour, harbour-1 +The tug is moored +\w+ +1 +new\n/);
  expect(await kubectl.run('events', '--types=Warning')).toMatch(/Pulled/);
}, 60_000);
