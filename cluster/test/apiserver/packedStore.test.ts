import { hash } from 'node:crypto';
import { open } from 'lmdb';
import { expect, test } from 'vitest';
import type { AnyObject } from '../../src/apiserver/ResourceDefinition.ts';
import { ObjectStore } from '../../src/apiserver/storage/ObjectStore.ts';
import { temporaryFolder } from './apiServerFixture.ts';

const managedFields = '[{"manager":"kubectl","operation":"Update"}]';

const object = (kind: string, name: string, rest: object): AnyObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    ...{ name, namespace: 'default', uid: name, resourceVersion: '' },
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  ...rest,
});

const pod = (name: string) =>
  object('Pod', name, {
    spec: {
      nodeName: 'node-1',
      containers: Array.from({ length: 8 }, (_, index) => ({
        name: `container-${index}`,
        image: `registry.example.com/image-${index}:${index * 7919}`,
        terminationMessagePath: '/dev/termination-log',
      })),
    },
  });

/** One write after the other, as long as it takes for what was learned to be used. */
async function fill(folder: string, resource: string, make: (name: string) => AnyObject) {
  const store = new ObjectStore(folder);
  for (let index = 0; index < 40; index += 1) {
    await store.create(resource, make(`one-${index}`), managedFields)?.durable;
  }
  return store;
}

test('objects that are alike take little room, and are read as they were written', async () => {
  const folder = await temporaryFolder();
  const store = await fill(folder, 'pods', pod);
  const written = store.list('pods', 'default').map(({ json }) => json);
  await store.close();
  const again = new ObjectStore(folder);
  expect(again.list('pods', 'default').map(({ json }) => json)).toEqual(written);
  expect(again.get('pods', 'default', 'one-7')).toMatchObject({
    managedFields,
    object: { spec: pod('one-7')['spec'] },
  });
  await again.close();
  const database = open<Buffer, string>({ path: `${folder}/objects.lmdb`, encoding: 'binary' });
  const value = database.get('pods\ndefault\none-39');
  await database.close();
  expect(value?.length).toBeLessThan((written[39]?.length ?? 0) / 4);
});

test('letters of all languages and an object larger than any window come back', async () => {
  const folder = await temporaryFolder();
  const store = new ObjectStore(folder);
  const data = { text: '名前 ünï 🙂 '.repeat(20_000) };
  await store.create('configmaps', object('ConfigMap', 'large', { data }), managedFields)?.durable;
  await store.close();
  const again = new ObjectStore(folder);
  const read = again.get('configmaps', 'default', 'large');
  expect(read?.managedFields).toBe(managedFields);
  expect(read?.object).toMatchObject({ data });
  await again.close();
});

test('what was in a secret or in user data that is gone is not left in a dictionary', async () => {
  const folder = await temporaryFolder();
  const secret = 'cGFzc3dvcmQtb2Ytc29tZWJvZHk=';
  const userData = `#cloud-config\npassword: hunter2\n${'write_files: []\n'.repeat(20)}`;
  const store = await fill(folder, 'secrets', (name) =>
    object('Secret', name, { data: { password: secret }, type: 'Opaque', ...pod(name) }),
  );
  for (let index = 0; index < 20; index += 1) {
    const vm = object('VirtualMachine', `vm-${index}`, { userData, ...pod('vm') });
    await store.create('virtualmachines.kubevirt.io', vm, '')?.durable;
  }
  await store.close();
  const database = open<Buffer, string>({ path: `${folder}/objects.lmdb`, encoding: 'binary' });
  const dictionaries = [...database.getRange()].filter(({ key }) => key.startsWith('dictionary\n'));
  await database.close();
  expect(dictionaries.length).toBeGreaterThan(0);
  for (const { value } of dictionaries) {
    expect(value.toString()).not.toContain(secret);
    expect(value.toString()).not.toContain('hunter2');
  }
});

test('a store that an earlier release wrote is read, and goes on', async () => {
  const folder = await temporaryFolder();
  const made = new ObjectStore(folder);
  await made.close();
  const json = JSON.stringify({
    ...pod('old'),
    metadata: { ...pod('old').metadata, resourceVersion: '42' },
  });
  const text = `${json}\n42 0 0 v1`;
  const database = open<string, string>({ path: `${folder}/objects.lmdb`, encoding: 'string' });
  await database.put('pods\ndefault\nold', `${text}\n${hash('md5', text, 'base64url')}`);
  await database.put('pods\ndefault\nolder', json.replace('"name":"old"', '"name":"older"'));
  await database.close();
  const store = new ObjectStore(folder);
  expect(store.get('pods', 'default', 'old')?.json).toBe(json);
  expect(store.get('pods', 'default', 'older')?.object.metadata.name).toBe('older');
  const old = store.get('pods', 'default', 'old');
  if (old) await store.replace('pods', old, { ...old.object, spec: {} }, '')?.durable;
  await store.close();
  const again = new ObjectStore(folder);
  expect(again.get('pods', 'default', 'old')?.object['spec']).toEqual({});
  await again.close();
});
