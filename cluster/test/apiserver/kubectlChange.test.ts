import { expect, test } from 'vitest';
import { boat, boats, startServer } from './apiServerFixture.ts';
import { kubectlFor } from './kubectlFixture.ts';

const key = { namespace: 'default', name: 'ann' };

test('kubectl diffs, annotates, replaces and patches by JSON', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  const file = await kubectl.write(boat('ann'));
  await kubectl.run('apply', '-f', file);
  await kubectl.write(boat('ann', 8));
  await expect(kubectl.run('diff', '-f', file)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/-\s+crew: 3\n\+\s+crew: 8\n/) as string,
  });
  expect((await server.client.get(boats, key)).spec).toEqual({ crew: 3 });
  expect(await kubectl.run('annotate', 'boat', 'ann', 'note=a b')).toContain('annotated');
  expect(await kubectl.run('replace', '-f', file)).toContain('replaced');
  const replaced = await server.client.get(boats, key);
  expect(replaced.spec).toEqual({ crew: 8 });
  expect(replaced.metadata.annotations).toBeUndefined();
  const operations = '[{"op":"replace","path":"/spec/crew","value":9}]';
  await kubectl.run('patch', 'boat', 'ann', '--type=json', '-p', operations);
  expect((await server.client.get(boats, key)).spec).toEqual({ crew: 9 });
}, 60_000);

test('kubectl replaces nothing that has changed since it was read', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  const read = await server.client.create(boats, boat('ann'));
  await server.client.patch(boats, key, { type: 'merge', body: { spec: { crew: 4 } } });
  const file = await kubectl.write({ ...read, spec: { crew: 5 } });
  await expect(kubectl.run('replace', '-f', file)).rejects.toMatchObject({
    stderr: expect.stringContaining('the object has been modified') as string,
  });
  expect((await server.client.get(boats, key)).spec).toEqual({ crew: 4 });
}, 60_000);

test('kubectl applies on the server, and takes a field of another only by force', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  const file = await kubectl.write(boat('ann'));
  const apply = (manager: string, ...more: string[]) =>
    kubectl.run('apply', '--server-side', `--field-manager=${manager}`, '-f', file, ...more);
  expect(await apply('first')).toContain('serverside-applied');
  await kubectl.write(boat('ann', 5));
  await expect(apply('second')).rejects.toMatchObject({
    stderr: expect.stringContaining('conflict with "first": .spec.crew') as string,
  });
  await apply('second', '--force-conflicts');
  expect((await server.client.get(boats, key)).spec).toEqual({ crew: 5 });
}, 60_000);

test('kubectl lists resources by group, verb and scope', async () => {
  const kubectl = await kubectlFor(await startServer({ plainHttp: false }));
  const of = (...flags: string[]) => kubectl.run('api-resources', '-o', 'name', ...flags);
  expect(await of('--api-group=sea.example.com')).toBe('boats.sea.example.com\n');
  const global = await of('--namespaced=false', '--verbs=list');
  expect(global).toContain('namespaces\n');
  expect(global).not.toContain('configmaps\n');
  await expect(kubectl.run('auth', 'can-i', 'get', 'boats', '--as=bob')).rejects.toMatchObject({
    stdout: 'no\n',
  });
}, 60_000);
