import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import { type Pod, pods, secrets } from '../../src/client/resources.ts';
import {
  type VirtualMachine,
  virtualMachineInstanceMigrations,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage } from '../virt-launcher/testGuest.ts';
import { startCluster, type TestCluster } from './clusterFixture.ts';
import { containerRegistry, pullSecret } from './containerRegistry.ts';
import { plainVm } from './manifests.ts';
import { inDefault, migrationOf } from './migrations.ts';
import { bootPatienceMs, eventsOf, until, untilVm, untilVmi } from './watching.ts';

type Source = NonNullable<
  NonNullable<VirtualMachine['spec']['template']['spec']>['volumes']
>[number]['containerDisk'];

/** As most manifests for KubeVirt have it. */
function containerVm(name: string, source: Source, memory = '256Mi'): Draft<VirtualMachine> {
  return plainVm(name, {
    memory,
    change({ spec }) {
      const template = spec.template.spec;
      if (!template || !source) return;
      template.networks = [{ name: 'default', pod: {} }];
      template.domain.devices.interfaces = [{ name: 'default', masquerade: {} }];
      template.domain.devices.disks = [{ name: 'containerdisk', disk: { bus: 'virtio' } }];
      template.volumes = [{ name: 'containerdisk', containerDisk: source }];
    },
  });
}

async function launcherOf({ client }: TestCluster, vmi: string): Promise<Pod> {
  const { items } = await client.list(pods, { labelSelector: `vmi.kubevirt.io/id=${vmi}` });
  const [pod] = items;
  if (!pod) throw new Error(`${vmi} has no pod`);
  return pod;
}

test('an image that cannot be pulled shows on the pod, the VMI and the VM, and is tried again', async () => {
  const found = await startCluster();
  const { client, clock } = found;
  const image = 'registry.example/fails-to-pull:1';
  await client.create(virtualMachines, containerVm('bad', { image, imagePullSecret: 'access' }));
  await client.create(virtualMachines, containerVm('good', { image: 'quay.io/fedora' }));
  await client.create(
    virtualMachines,
    containerVm('never', { image: 'quay.io/other:2', imagePullPolicy: 'Never' }),
  );
  await client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: inDefault('access'),
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') },
  });
  const failed = await untilVm(client, 'bad', 'ErrImagePull');
  expect(failed.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Synchronized', status: 'False', reason: 'ErrImagePull' }),
  );
  const pod = await launcherOf(found, 'bad');
  expect(pod.spec).toMatchObject({
    imagePullSecrets: [{ name: 'access' }],
    containers: [
      { name: 'compute' },
      { name: 'volumecontainerdisk', image, imagePullPolicy: 'IfNotPresent' },
      { name: 'guest-console-log' },
    ],
  });
  expect(pod.status?.phase).toBe('Pending');
  clock.skip(6000);
  await untilVm(client, 'bad', 'ImagePullBackOff');
  const told = (await eventsOf(client, pod)).map(({ reason, message }) => `${reason} ${message}`);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching(`Failed Failed to pull image "${image}": .*not found`),
      'Failed Error: ErrImagePull',
      `BackOff Back-off pulling image "${image}"`,
    ]),
  );
  await untilVm(client, 'good', 'Running');
  const pulled = await launcherOf(found, 'good');
  expect(pulled.spec.containers[1]?.imagePullPolicy).toBe('Always');
  expect(pulled.status?.containerStatuses?.[1]?.imageID).toMatch(/^sha256:/);
  const waiting = async () =>
    (await launcherOf(found, 'never')).status?.containerStatuses?.[1]?.state?.waiting;
  await expect.poll(waiting).toMatchObject({
    reason: 'ErrImageNeverPull',
    message: 'Container image "quay.io/other:2" is not present with pull policy of Never',
  });
});

test(
  'a guest boots from a container disk, answers its probes, and moves with what it wrote',
  { timeout: 180_000 },
  async () => {
    const user = { name: 'puller', password: 'let me in' };
    const { host, fetched } = await containerRegistry(
      { 'disk/micro.qcow2': await microImage() },
      user,
    );
    const found = await startCluster({ runtime: await QemuRuntime.create(), nodes: 2 });
    const { client, cluster } = found;
    await client.create(secrets, pullSecret(`http://${host}`, user));
    const image = `${host}/os/micro:1.0`;
    const vm = containerVm('web', { image, imagePullSecret: 'access' });
    const template = vm.spec.template.spec;
    if (!template) throw new Error('no template');
    template.readinessProbe = { httpGet: { port: 80 } as object, periodSeconds: 2 };
    template.livenessProbe = { guestAgentPing: {}, failureThreshold: 100 };
    await client.create(virtualMachines, vm);
    const started = await untilVmi(client, 'web', 'Running', bootPatienceMs);
    const ready = async () => {
      const pod = await launcherOf(found, 'web');
      return pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    };
    expect(await ready()).toBe('False');
    expect((await launcherOf(found, 'web')).spec.containers[0]).toMatchObject({
      readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 10, periodSeconds: 2 },
      livenessProbe: {
        exec: { command: expect.arrayContaining(['--guestAgentPing']) as string[] },
      },
    });
    await expect.poll(ready, { timeout: bootPatienceMs }).toBe('True');
    const guest = cluster.guestOf(started);
    await expect(guest?.checkPort(80, 5000)).resolves.toBeUndefined();
    await expect(guest?.checkPort(81, 5000)).rejects.toThrow('connection refused');
    await expect.poll(() => guest?.agent !== undefined, { timeout: bootPatienceMs }).toBe(true);
    const run = (vmi: typeof started, command: string) =>
      cluster.guestOf(vmi)?.agent?.execute('/bin/sh', ['-c', command], 20_000);
    await run(
      started,
      'echo kept > /tmp/note; dd if=/tmp/note of=/dev/vda bs=512 seek=20000 conv=notrunc,sync',
    );

    await client.create(virtualMachineInstanceMigrations, migrationOf('web'));
    const moved = await untilVmi(
      client,
      'web',
      ({ status }) => status?.migrationState?.endTimestamp !== undefined,
      bootPatienceMs,
    );
    expect(moved.status?.migrationState).toMatchObject({ completed: true });
    expect(moved.status?.migrationMethod).toBe('BlockMigration');
    await expect
      .poll(() => cluster.guestOf(moved)?.agent !== undefined, { timeout: 20_000 })
      .toBe(true);
    const read = await run(
      moved,
      'sync; dd if=/dev/vda bs=512 skip=20000 count=1 2>/dev/null | head -c 4',
    );
    expect(read?.output).toBe('kept');
    // What it wrote is gone with it, and the image is fetched once however often it is used.
    await client.create(
      virtualMachines,
      containerVm('other', { image, imagePullSecret: 'access' }, '64Mi'),
    );
    await untilVmi(client, 'other', 'Running', bootPatienceMs);
    expect(fetched()).toBe(1);
    // Once nobody has used it for a week, it goes.
    const kept = () => readdir(join(found.dataDir, 'container-images'));
    found.clock.skip(8 * 24 * 3_600_000);
    expect(await kept()).toHaveLength(2);
    for (const name of ['web', 'other']) await client.delete(virtualMachines, inDefault(name));
    const left = async () => {
      // One that boots does not hear its power button: the time that it is given passes.
      found.clock.skip(60_000);
      return (await client.list(virtualMachines)).items.length;
    };
    await expect.poll(left, { timeout: bootPatienceMs, interval: 500 }).toBe(0);
    found.clock.skip(8 * 24 * 3_600_000);
    await expect.poll(kept, { timeout: 15_000 }).toEqual(['tags.json']);
  },
);

test('a probe that fails keeps the VMI from being ready, and one of liveness ends the guest', async () => {
  const { client, clock } = await startCluster();
  const probed = (name: string, runStrategy: string, probes: object) =>
    plainVm(name, {
      runStrategy,
      change({ spec }) {
        Object.assign(spec.template.spec ?? {}, probes);
      },
    });
  const tcpSocket = { port: 22 };
  const readinessProbe = { tcpSocket, failureThreshold: 1 };
  const livenessProbe = { tcpSocket, failureThreshold: 2, periodSeconds: 1 };
  await client.create(virtualMachines, probed('deaf-no-service', 'Always', { readinessProbe }));
  await client.create(
    virtualMachines,
    probed('dead-no-service', 'RerunOnFailure', { livenessProbe }),
  );
  const deaf = await untilVmi(client, 'deaf-no-service', 'Running');
  const dead = await untilVmi(client, 'dead-no-service', 'Running');
  clock.skip(11_000);
  const pod = await client.list(pods, {
    labelSelector: `kubevirt.io/created-by=${deaf.metadata.uid}`,
  });
  const [launcher] = pod.items;
  if (!launcher) throw new Error('no pod');
  const reasons = async () => (await eventsOf(client, launcher)).map(({ message }) => message);
  await expect
    .poll(reasons)
    .toContain('Readiness probe failed: dial tcp :22: connect: connection refused');
  const unready = await until(client, virtualMachines, inDefault('deaf-no-service'), ({ status }) =>
    Boolean(status?.conditions?.some(({ reason }) => reason === 'ContainersNotReady')),
  );
  expect(unready.status).toMatchObject({ printableStatus: 'Running', ready: false });
  const { items } = await client.list(pods, {
    labelSelector: `kubevirt.io/created-by=${dead.metadata.uid}`,
  });
  const look = async () => {
    clock.skip(1100);
    return items[0] ? (await eventsOf(client, items[0])).map(({ reason }) => reason) : [];
  };
  await expect.poll(look).toContain('Killing');
  await untilVm(client, 'dead-no-service', 'Stopped');
});
