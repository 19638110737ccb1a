import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleFixture, type ConsoleFixture } from './consoleFixture.ts';
import { fakeApiServer, type FakeApiServer } from './fakeApiServer.ts';

let api: FakeApiServer;
let fixture: ConsoleFixture;

beforeAll(async () => {
  api = await fakeApiServer();
  fixture = await consoleFixture(api.url, 'the-users-token');
});
afterAll(async () => {
  await fixture.close();
  await api.close();
});

const ask = (path: string) =>
  fixture.ask(`/api/prometheus${path}`, { headers: { cookie: fixture.cookie } });

it("asks the cluster's Prometheus through the API server, as the user", async () => {
  await ask('/api/v1/query_range?query=up%7Bjob%3D%22a%22%7D&step=30');
  const request = api.seen.at(-1);
  expect(request?.url).toBe(
    '/api/v1/namespaces/monitoring/services/prometheus-k8s:web/proxy/api/v1/query_range?query=up%7Bjob%3D%22a%22%7D&step=30',
  );
  expect(request?.headers.authorization).toBe('Bearer the-users-token');
});

it('asks about one project at the port for it', async () => {
  const path = '/api/prometheus-tenancy/api/v1/query?query=up&namespace=shop';
  await fixture.ask(path, { headers: { cookie: fixture.cookie } });
  expect(api.seen.at(-1)?.url).toBe(
    '/api/v1/namespaces/monitoring/services/prometheus-k8s:tenancy/proxy/api/v1/query?query=up&namespace=shop',
  );
});

it('asks for nothing that a console does not read', async () => {
  const before = api.seen.length;
  for (const path of ['/api/v1/admin/tsdb/snapshot', '/-/quit', '/api/v1/../../secrets']) {
    expect((await ask(path)).code).toBe(404);
  }
  expect(api.seen).toHaveLength(before);
});
