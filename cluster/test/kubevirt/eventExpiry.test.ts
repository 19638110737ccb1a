import { expect, test } from 'vitest';

import { events } from '../../src/client/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { find, untilGone } from './watching.ts';

const event = (name: string, lastTimestamp: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Namespace', name: 'default' },
  reason: 'Seen',
  message: name,
  type: 'Normal' as const,
  firstTimestamp: lastTimestamp,
  lastTimestamp,
});

test('an event goes an hour after it was last seen', async () => {
  const { client, clock } = await startCluster();
  const minutesFromNow = (minutes: number) =>
    `${new Date(clock.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`;
  await client.create(events, event('old', minutesFromNow(0)));
  await client.create(events, event('young', minutesFromNow(30)));
  clock.skip(59 * 60_000);
  expect(await find(client, events, 'old')).toBeDefined();
  clock.skip(2 * 60_000);
  await untilGone(client, events, { namespace: 'default', name: 'old' });
  expect(await find(client, events, 'young')).toBeDefined();
});
