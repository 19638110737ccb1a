import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { kubeVirts, virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, temporaryFolder, type TestCluster } from './clusterFixture.ts';
import { diskVm, microDisk, plainVm } from './manifests.ts';
import { bootPatienceMs, eventsOf, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const vms = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

async function turnOnGates({ client }: TestCluster): Promise<void> {
  const developerConfiguration = { featureGates: ['HostDisk', 'DownwardMetrics'] };
  const body = { spec: { configuration: { developerConfiguration } } };
  await client.patch(
    kubeVirts,
    { namespace: 'kubevirt', name: 'kubevirt' },
    { type: 'merge', body },
  );
}

const withHostDisk = (hostDisk: { path: string; type: string; capacity?: string }) =>
  plainVm('web', {
    change({ spec: { template } }) {
      if (!template.spec) return;
      template.spec.volumes = [{ name: 'host', hostDisk }];
      template.spec.domain.devices.disks = [{ name: 'host', disk: { bus: 'virtio' } }];
    },
  });

test('a guest has a file of this machine as a disk, and a disk and a port that tell of its host', async () => {
  const cluster = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client } = cluster;
  await turnOnGates(cluster);
  const path = join(await temporaryFolder(), 'new', 'disk.img');
  const vm = diskVm('web', {
    template: microDisk('web'),
    change({ spec: { template } }) {
      const { spec } = template;
      spec?.volumes?.push(
        { name: 'host', hostDisk: { path, type: 'DiskOrCreate', capacity: '1Mi' } },
        { name: 'metrics', downwardMetrics: {} },
      );
      spec?.domain.devices.disks?.push(
        { name: 'host', disk: { bus: 'virtio' }, serial: 'HOST' },
        { name: 'metrics', disk: { bus: 'virtio' }, serial: 'METRICS' },
      );
      if (spec) spec.domain.devices.downwardMetrics = {};
    },
  });
  await client.create(virtualMachines, vm);
  const vmi = await untilVmi(
    client,
    'web',
    ({ status }) => status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false,
    bootPatienceMs,
  );
  expect(vmi.status?.conditions).toContainEqual(
    expect.objectContaining({
      ...{ type: 'LiveMigratable', status: 'False', reason: 'DisksNotLiveMigratable' },
      message: 'cannot migrate VMI with non-shared HostDisk',
    }),
  );
  const agent = cluster.cluster.guestOf(vmi)?.agent;
  const shell = async (script: string) =>
    (await agent?.execute('/bin/sh', ['-c', script], 5000))?.output ?? '';
  const disk = (serial: string) =>
    `/dev/$(for d in /sys/block/vd*; do [ "$(cat $d/serial)" = ${serial} ] && basename $d; done)`;

  await shell(`echo written by the guest > ${disk('HOST')}; sync`);
  const file = await readFile(path);
  expect(file).toHaveLength(2 ** 20);
  expect(file.toString('latin1')).toMatch(/^written by the guest\n/);

  // Past the guest's cache, as its tool reads it.
  const read = `dd if=${disk('METRICS')} bs=4096 count=1 iflag=direct 2>/dev/null`;
  await expect
    .poll(() => shell(`${read} | tail -c +17 | tr -d '\\0'`))
    .toMatch(/<name>HostName<\/name>\s*<value><!\[CDATA\[node-1\]\]><\/value>/);
  const uptime = async () =>
    Number(
      /context="vm" unit="s">\s*<name>TotalCPUTime<\/name>\s*<value><!\[CDATA\[([\d.]+)/.exec(
        await shell(`${read} | tail -c +17`),
      )?.[1],
    );
  // The first report is of a guest that has only just begun.
  await expect.poll(uptime).toBeGreaterThan(0);
  const first = await uptime();
  await expect.poll(uptime).toBeGreaterThan(first);

  // The port answers questions, as its tool asks them, and refuses others.
  const ask = (question: string) =>
    shell(`port=/dev/$(basename $(dirname $(grep -l vhostmd /sys/class/virtio-ports/*/name)))
exec 3<>$port; printf '${question}\\n\\n' >&3
while read -t 4 line <&3; do [ -z "$line" ] && break; echo "$line"; done`);
  const told = await ask('GET /metrics/XML');
  expect(told).toMatch(/^<metrics>\n/);
  expect(told).toMatch(/<name>HostName<\/name>\s*<value><!\[CDATA\[node-1\]\]><\/value>/);
  expect(told.trimEnd()).toMatch(/<\/metrics>$/);
  expect(await ask('GET /else')).toBe('INVALID REQUEST\n');
  expect(await ask('GET /metrics/XML')).toContain('TotalCPUTime');

  // An agent that may not do all that is asked of one is connected, and the VMI says what is wrong with it.
  await shell(
    `sed -i 's/qemu-ga /qemu-ga -b guest-get-osinfo /' /etc/agent.sh; (sleep 1; killall qemu-ga) > /dev/null 2>&1 &`,
  );
  const limited = await untilVmi(
    client,
    'web',
    ({ status }) =>
      status?.conditions?.some(({ type }) => type === 'AgentVersionNotSupported') ?? false,
    bootPatienceMs,
  );
  expect(limited.status?.conditions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'AgentConnected', status: 'True' }),
      expect.objectContaining({
        type: 'AgentVersionNotSupported',
        reason: "This guest agent doesn't support required basic commands",
      }),
    ]),
  );
});

/** KubeVirt: ADM/vmi-create-admitter.go, validateHostDisk (d923fdb). */
test.each([
  [
    { path: '', type: 'Disk' },
    'path',
    'spec.template.spec.volumes[0].hostDisk.path is required for hostDisk volume',
  ],
  [
    { path: '/x', type: 'File' },
    'type',
    "spec.template.spec.volumes[0].hostDisk.type has invalid value 'File', allowed are 'Disk' or 'DiskOrCreate'",
  ],
  [
    { path: '/x', type: 'Disk', capacity: '1Gi' },
    'capacity',
    "spec.template.spec.volumes[0].hostDisk.capacity is allowed to pass only with spec.template.spec.volumes[0].hostDisk.type equal to 'DiskOrCreate'",
  ],
])('a host disk %j is refused', async (hostDisk, field, message) => {
  const cluster = await startCluster();
  await turnOnGates(cluster);
  const { code, body } = await cluster.send('POST', vms, { body: withHostDisk(hostDisk) });
  expect([code, body['details']]).toEqual([
    422,
    expect.objectContaining({
      causes: [
        expect.objectContaining({
          message,
          field: `spec.template.spec.volumes[0].hostDisk.${field}`,
        }),
      ],
    }),
  ]);
});

/** Kubernetes pkg/volume/hostpath (1.33). */
test('the launcher waits for the folder of a host disk that must be there', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  await turnOnGates(cluster);
  const folder = join(await temporaryFolder(), 'missing');
  const vm = withHostDisk({ path: join(folder, 'disk.img'), type: 'Disk' });
  await client.create(virtualMachines, vm);
  const vmi = await untilVmi(client, 'web', 'Scheduling');
  const labelSelector = `kubevirt.io/created-by=${vmi.metadata.uid}`;
  await expect
    .poll(async () => {
      const [pod] = (await client.list(pods, { labelSelector })).items;
      return pod && (await eventsOf(client, pod)).map(({ reason, message }) => [reason, message]);
    })
    .toContainEqual([
      'FailedMount',
      `MountVolume.SetUp failed for volume "host" : hostPath type check failed: ${folder} is not a directory`,
    ]);
});
