import { expect, test } from 'vitest';

import type { KubeClient } from '../../src/client/KubeClient.ts';
import { configMaps, type Pod, pods, secrets } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { eventsOf, untilVm, untilVmi } from './watching.ts';

const disks = [
  { name: 'seed', disk: { bus: 'virtio' } },
  { name: 'answers', cdrom: { bus: 'sata' } },
  { name: 'extra', disk: { bus: 'virtio' } },
];

/** A VM whose disks come of a Secret and a ConfigMap that must be there, and of one that may be missing. */
const needyVm = (name: string) =>
  plainVm(name, {
    change({ spec }) {
      const template = spec.template.spec;
      if (!template) return;
      template.domain.devices.disks = disks;
      template.volumes = [
        { name: 'seed', cloudInitNoCloud: { secretRef: { name: 'login' } } },
        { name: 'answers', sysprep: { configMap: { name: 'unattended' } } },
        { name: 'extra', secret: { secretName: 'nowhere', optional: true } },
      ];
    },
  });

async function launcherOf(client: KubeClient, uid: string): Promise<Pod | undefined> {
  const { items } = await client.list(pods, { labelSelector: `kubevirt.io/created-by=${uid}` });
  return items[0];
}

async function failedMounts(client: KubeClient, uid: string): Promise<string[]> {
  const pod = await launcherOf(client, uid);
  const all = pod ? await eventsOf(client, pod) : [];
  return all
    .filter(({ type, reason }) => type === 'Warning' && reason === 'FailedMount')
    .map(({ message }) => message ?? '');
}

const metadata = (name: string) => ({ namespace: 'default', name });

/** Kubernetes pkg/volume/secret, pkg/volume/configmap (1.33); KubeVirt pkg/virt-controller/services/rendervolumes.go (d923fdb). */
test('a VM waits in Starting for what its disks are made of, and goes on by itself', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, needyVm('web'));
  const vmi = await untilVmi(client, 'web', 'Scheduling');
  const { uid } = vmi.metadata;
  await expect
    .poll(() => failedMounts(client, uid))
    .toEqual([
      'MountVolume.SetUp failed for volume "seed-udata" : secret "login" not found',
      'MountVolume.SetUp failed for volume "answers" : configmap "unattended" not found',
    ]);
  await expect
    .poll(async () => (await launcherOf(client, uid))?.status)
    .toMatchObject({
      phase: 'Pending',
      containerStatuses: [
        { name: 'compute', ready: false, state: { waiting: { reason: 'ContainerCreating' } } },
        { name: 'guest-console-log', ready: false },
      ],
    });
  await untilVm(client, 'web', 'Starting');

  await client.create(secrets, {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('login') },
    data: { userdata: Buffer.from('#cloud-config\n').toString('base64') },
  });
  await client.create(configMaps, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('unattended') },
    data: { 'autounattend.xml': '<unattend/>' },
  });
  await untilVm(client, 'web', 'Running');
});
