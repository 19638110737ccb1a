import { expect, onTestFinished, test } from 'vitest';
import { Informer } from '../../src/client/Informer.ts';
import { boat, boats, startServer, type Boat } from './apiServerFixture.ts';

const key = (name: string) => ({ namespace: 'default', name });

test('an informer follows creations, changes and deletions, with indexes', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann', 1));
  const informer = new Informer<Boat>(server.client, boats, {
    indexes: { crew: ({ spec }) => [String(spec.crew)] },
  });
  onTestFinished(() => {
    informer.close();
  });
  const changes: string[] = [];
  informer.onChange(({ key: { name }, before, after }) => {
    changes.push(`${name} ${before?.spec.crew ?? '-'} ${after?.spec.crew ?? '-'}`);
  });
  await informer.start();
  await server.client.create(boats, boat('bea', 1));
  await server.client.patch(boats, key('ann'), { type: 'merge', body: { spec: { crew: 5 } } });
  await server.client.delete(boats, key('bea'));
  await expect.poll(() => changes).toEqual(['ann - 1', 'bea - 1', 'ann 1 5', 'bea 1 -']);
  expect(informer.byIndex('crew', '5').map(({ metadata }) => metadata.name)).toEqual(['ann']);
  expect(informer.byIndex('crew', '1')).toEqual([]);
  expect(informer.get(key('bea'))).toBeUndefined();
});

test('an informer finds objects by their owner', async () => {
  const server = await startServer();
  const owner = await server.client.create(boats, boat('ann'));
  const draft = boat('dinghy');
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }];
  await server.client.create(boats, { ...draft, metadata: { ...draft.metadata, ownerReferences } });
  const informer = new Informer<Boat>(server.client, boats);
  onTestFinished(() => {
    informer.close();
  });
  await informer.start();
  expect(informer.ownedBy(metadata.uid).map((owned) => owned.metadata.name)).toEqual(['dinghy']);
});

test('what an informer holds cannot be changed by accident', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const informer = new Informer<Boat>(server.client, boats);
  onTestFinished(() => {
    informer.close();
  });
  await informer.start();
  const ann = informer.get(key('ann'));
  expect(() => {
    if (ann) ann.spec.crew = 99;
  }).toThrow(TypeError);
});
