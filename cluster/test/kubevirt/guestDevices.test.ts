import { beforeAll, expect, test } from 'vitest';

import { secrets, serviceAccounts } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster } from './clusterFixture.ts';
import { diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, eventsOf, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a guest has its volumes, devices and credentials, as it sees them itself', async () => {
  const cluster = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client, send } = cluster;
  const secret = (name: string, data: Record<string, string>) =>
    client.create(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])),
    });
  await secret('cloud', { userdata: '#!/bin/sh\necho ran\n', networkdata: 'version: 2\n' });
  await secret('passwords', { root: 'sesame' });
  await secret('answers', { 'Autounattend.xml': '<unattend/>' });
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { 'app.conf': 'colour=blue\n' },
  };
  await send('POST', '/api/v1/namespaces/default/configmaps', { body: settings });
  await client.create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'default' },
  });
  const volumes = [
    {
      name: 'drive',
      cloudInitConfigDrive: {
        secretRef: { name: 'cloud' },
        networkDataSecretRef: { name: 'cloud' },
      },
    },
    { name: 'conf', configMap: { name: 'settings', volumeLabel: 'CONF' } },
    { name: 'keys', secret: { secretName: 'passwords', volumeLabel: 'KEYS' } },
    { name: 'account', serviceAccount: { serviceAccountName: 'robot' } },
    { name: 'answers', sysprep: { secret: { name: 'answers' } } },
    {
      name: 'self',
      downwardAPI: {
        volumeLabel: 'SELF',
        fields: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }],
      },
    },
  ];
  const vm = diskVm('web', {
    memory: '256Mi',
    template: microDisk('web'),
    change({ spec: { template } }) {
      const { spec } = template;
      if (!spec) return;
      spec.volumes?.push(...volumes, { name: 'large', emptyDisk: { capacity: '64Mi' } });
      spec.domain.devices.disks?.push({
        name: 'large',
        disk: { bus: 'virtio' },
        serial: 'LARGE',
        blockSize: { custom: { logical: 4096, physical: 4096 } },
        cache: 'writethrough',
      });
      const { devices } = spec.domain;
      devices.disks?.push(...volumes.map(({ name }) => ({ name, disk: { bus: 'virtio' } })));
      devices.watchdog = { name: 'dog', i6300esb: { action: 'poweroff' } };
      devices.tpm = {};
      devices.inputs = [{ name: 'pen', type: 'tablet', bus: 'virtio' }];
      devices.autoattachMemBalloon = false;
      spec.domain.cpu = { sockets: 1, cores: 2 };
      spec.accessCredentials = [
        {
          userPassword: {
            source: { secret: { secretName: 'passwords' } },
            propagationMethod: { qemuGuestAgent: {} },
          },
        },
      ];
    },
  });
  await client.create(virtualMachines, vm);
  const vmi = await untilVmi(
    client,
    'web',
    ({ status }) =>
      status?.conditions?.some(
        ({ type, status: is }) => type === 'AccessCredentialsSynchronized' && is === 'True',
      ) ?? false,
    bootPatienceMs,
  );
  const agent = cluster.cluster.guestOf(vmi)?.agent;
  const shell = async (script: string) =>
    (await agent?.execute('/bin/sh', ['-c', script], 5000))?.output ?? '';
  const read = (label: string, path: string) =>
    shell(
      `mkdir -p /mnt && mount -o ro $(findfs LABEL=${label}) /mnt && cat "/mnt/${path}"; umount /mnt`,
    );

  expect(await read('config-2', 'openstack/latest/user_data')).toContain('echo ran');
  expect(await read('config-2', 'openstack/latest/network_data.json')).toContain('version: 2');
  expect(JSON.parse(await read('config-2', 'openstack/latest/meta_data.json'))).toMatchObject({
    instance_id: 'web.default',
    hostname: 'web',
  });
  expect(await read('CONF', 'app.conf')).toBe('colour=blue\n');
  expect(await read('KEYS', 'root')).toBe('sesame');
  expect(await read('unattendCD', 'Autounattend.xml')).toBe('<unattend/>');
  expect(await read('SELF', 'labels')).toContain('app="web"');

  expect(await read('cfgdata', 'namespace')).toBe('default');
  expect(await read('cfgdata', 'ca.crt')).toContain('BEGIN CERTIFICATE');
  const who = await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    token: await read('cfgdata', 'token'),
  });
  expect(who.body).toMatchObject({
    status: { userInfo: { username: 'system:serviceaccount:default:robot' } },
  });

  expect(await shell('cut -d: -f2 /etc/passwd')).toMatch(/^\$6\$/);
  const ids = await shell(
    'for d in /sys/bus/pci/devices/*; do echo $(cat $d/vendor $d/device); done',
  );
  expect(ids).toContain('0x8086 0x25ab'); // i6300ESB
  expect(ids).toContain('0x1af4 0x1052'); // virtio input
  expect(ids).not.toContain('0x1af4 0x1045'); // virtio balloon
  const ofLarge = (what: string) =>
    shell(
      `for d in /sys/block/vd*; do [ "$(cat $d/serial)" = LARGE ] && cat $d/queue/${what}; done`,
    );
  expect(await ofLarge('logical_block_size')).toBe('4096\n');
  expect(await ofLarge('write_cache')).toBe('write through\n');
  expect(await shell('cat /sys/class/misc/hw_random/rng_available')).toContain('virtio_rng');
  expect(await shell('ls /sys/firmware/acpi/tables')).toContain('TPM2');
  expect(await shell('grep -c ^processor /proc/cpuinfo')).toBe('2\n');
  const reasons = (await eventsOf(client, vmi)).map(({ reason }) => reason);
  expect(reasons).toContain('AccessCredentialsSyncSuccess');
});
