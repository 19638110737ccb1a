import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { configMaps } from '../../src/client/resources.ts';
import { startServer, temporaryFolder } from './apiServerFixture.ts';

test('every acknowledged write survives kill -9', async () => {
  const dataDir = await temporaryFolder();
  const program = new URL('writeForever.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 200) child.kill('SIGKILL');
  }
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  const server = await startServer({ dataDir });
  const { items, resourceVersion } = await server.client.list(configMaps);
  const names = new Set(items.map(({ metadata }) => metadata.name));
  for (let i = 1; i <= acknowledged; i += 1) expect(names).toContain(`c${i}`);
  const newest = Math.max(...items.map(({ metadata }) => Number(metadata.resourceVersion)));
  expect(Number(resourceVersion)).toBeGreaterThan(newest);
});

test('a watch from before a restart is told to list again', async () => {
  const dataDir = await temporaryFolder();
  const first = await startServer({ dataDir });
  const { resourceVersion } = await first.client.list(configMaps);
  await first.close();
  const second = await startServer({ dataDir });
  const error = await new Promise<Error | undefined>((resolve) => {
    second.client.watch(configMaps, { resourceVersion }, () => undefined, resolve);
  });
  expect(error).toMatchObject({ code: 410 });
});
