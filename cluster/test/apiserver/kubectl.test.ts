import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { boat, boats, startServer } from './apiServerFixture.ts';
import { kubectlFor, kubectlMinor } from './kubectlFixture.ts';

test('kubectl applies, gets, patches, labels, describes and deletes', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  const file = await kubectl.write(boat('ann'));
  expect(await kubectl.run('apply', '-f', file)).toBe('boat.sea.example.com/ann created\n');
  expect(await kubectl.run('apply', '-f', file)).toBe('boat.sea.example.com/ann unchanged\n');
  await kubectl.write(boat('ann', 8));
  expect(await kubectl.run('apply', '-f', file)).toBe('boat.sea.example.com/ann configured\n');
  expect(await kubectl.run('get', 'bt', '-o', 'wide')).toMatch(/^NAME +PHASE +READY +AGE\nann /);
  expect(await kubectl.run('get', 'all', '-A')).toContain('boat.sea.example.com/ann');
  const patch = ['patch', 'boat', 'ann', '--type=merge', '-p', '{"spec":{"name":"Ann"}}'];
  expect(await kubectl.run(...patch)).toContain('patched');
  expect(await kubectl.run('label', 'boat', 'ann', 'fleet=red')).toContain('labeled');
  expect(await kubectl.run('describe', 'boat', 'ann')).toContain('fleet=red');
  expect(await kubectl.run('delete', 'boat', 'ann')).toContain('deleted');
  await expect(kubectl.run('get', 'boat', 'ann')).rejects.toMatchObject({
    stderr: 'Error from server (NotFound): boats.sea.example.com "ann" not found\n',
  });
}, 60_000);

test('kubectl applies built-ins by strategic merge and makes namespaces', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  expect(await kubectl.run('create', 'namespace', 'team')).toContain('created');
  const map = (data: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'map', namespace: 'team' },
    data,
  });
  const file = await kubectl.write(map({ a: '1', b: '2' }));
  await kubectl.run('apply', '-f', file);
  await kubectl.write(map({ a: '3' }));
  await kubectl.run('apply', '-f', file);
  const data = await kubectl.run('get', 'cm', 'map', '-n', 'team', '-o', 'jsonpath={.data}');
  expect(JSON.parse(data)).toEqual({ a: '3' });
  expect(await kubectl.run('auth', 'can-i', 'delete', 'boats')).toBe('yes\n');
}, 60_000);

test('kubectl get --watch shows rows as they come', async () => {
  const server = await startServer({ plainHttp: false });
  const kubectl = await kubectlFor(server);
  await server.client.create(boats, boat('ann'));
  const child = kubectl.spawn('get', 'boats', '--watch', '--no-headers');
  onTestFinished(() => void child.kill());
  const rows: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    rows.push(line.split(/\s+/, 1).join(''));
    if (rows.length === 1) await server.client.create(boats, boat('bea'));
    if (rows.length === 2) break;
  }
  expect(rows).toEqual(['ann', 'bea']);
}, 60_000);

test.skipIf(kubectlMinor < 28)(
  'kubectl 1.28 and later explain fields and tell who one is',
  async () => {
    const kubectl = await kubectlFor(await startServer({ plainHttp: false }));
    expect(await kubectl.run('explain', 'boat.spec.crew')).toContain('<integer>');
    expect(await kubectl.run('auth', 'whoami', '-o', 'json')).toContain('"username": "admin"');
  },
);
