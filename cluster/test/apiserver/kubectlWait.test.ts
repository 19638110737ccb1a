import { expect, test } from 'vitest';
import { boat, boats, startServer } from './apiServerFixture.ts';
import { kubectlFor } from './kubectlFixture.ts';

const key = { namespace: 'default', name: 'ann' };

test('kubectl waits for a value, for a condition and for the end of an object', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  await server.client.create(boats, boat('ann'));
  const wait = (...args: string[]) => kubectl.run('wait', 'boat/ann', '--timeout=50s', ...args);
  const afloat = wait('--for=jsonpath={.status.phase}=Afloat');
  const ready = wait('--for=condition=Ready');
  const status = { phase: 'Afloat', conditions: [{ type: 'Ready', status: 'True' }] };
  const patch = { type: 'merge', body: { status } } as const;
  await server.client.patch(boats, key, patch, { subresource: 'status' });
  const met = 'boat.sea.example.com/ann condition met\n';
  expect(await Promise.all([afloat, ready])).toEqual([met, met]);
  const gone = wait('--for=delete');
  await server.client.delete(boats, key);
  await gone;
  await expect(wait('--for=condition=Ready')).rejects.toMatchObject({
    stderr: expect.stringContaining('"ann" not found') as string,
  });
}, 60_000);
