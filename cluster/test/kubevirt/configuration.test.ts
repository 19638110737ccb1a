import { expect, test } from 'vitest';

import { persistentVolumeClaims, pods } from '../../src/client/resources.ts';
import { hyperConvergeds } from '../../src/hyperconverged/resources.ts';
import {
  kubeVirts,
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { plainVm, sizedVm } from './manifests.ts';
import { inDefault } from './migrations.ts';
import { until, untilGone, untilVm, untilVmi } from './watching.ts';

const kubeVirt = { namespace: 'kubevirt', name: 'kubevirt' };
type Spec = NonNullable<VirtualMachine['spec']['template']['spec']>;

const specVm = (name: string, change: (spec: Spec) => void) =>
  plainVm(name, {
    change({ spec }) {
      if (spec.template.spec) change(spec.template.spec);
    },
  });

/** KubeVirt: pkg/virt-controller/services/template.go, getRequiredResources (d923fdb). */
test('guests need KVM unless they are to be emulated', async () => {
  const { client } = await startCluster();
  const emulate = (useEmulation: boolean) => {
    const body = { spec: { configuration: { developerConfiguration: { useEmulation } } } };
    return client.patch(kubeVirts, kubeVirt, { type: 'merge', body });
  };
  await emulate(false);
  await client.create(virtualMachines, plainVm('fast'));
  const vmi = await untilVmi(client, 'fast', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'PodScheduled')),
  );
  expect(vmi.status?.conditions).toContainEqual(
    expect.objectContaining({
      reason: 'Unschedulable',
      message: expect.stringContaining('1 Insufficient devices.kubevirt.io/kvm') as string,
    }),
  );
  await untilVm(client, 'fast', 'ErrorUnschedulable');
  await emulate(true);
  await client.create(virtualMachines, plainVm('slow'));
  await untilVm(client, 'slow', 'Running');
});

test('the configuration of KubeVirt decides about new instances, and about changes of running ones', async () => {
  const { client } = await startCluster();
  const configuration = {
    evictionStrategy: 'LiveMigrate',
    vmRolloutStrategy: 'Stage',
    cpuModel: 'Haswell',
    liveUpdateConfiguration: { maxCpuSockets: 3, maxGuest: '6Gi' },
    developerConfiguration: { cpuAllocationRatio: 2, memoryOvercommit: 200 },
    network: { defaultNetworkInterface: 'masquerade', permitBridgeInterfaceOnPodNetwork: false },
  };
  await client.patch(kubeVirts, kubeVirt, { type: 'merge', body: { spec: { configuration } } });
  await client.create(
    virtualMachines,
    specVm('web', ({ domain }) => (domain.memory = { guest: '2Gi' })),
  );
  const vmi = await untilVmi(client, 'web', 'Running');
  expect(vmi.spec).toMatchObject({
    evictionStrategy: 'LiveMigrate',
    domain: {
      cpu: { model: 'Haswell', maxSockets: 3 },
      memory: { maxGuest: '6Gi' },
      resources: { requests: { memory: '1Gi' } },
      devices: { interfaces: [{ masquerade: {} }] },
    },
  });
  const { items } = await client.list(pods, { labelSelector: 'vmi.kubevirt.io/id=web' });
  expect(items[0]?.spec.containers[0]?.resources?.requests?.['cpu']).toBe('500m');
  const body = { spec: { template: { spec: { domain: { cpu: { sockets: 2 } } } } } };
  await client.patch(virtualMachines, inDefault('web'), { type: 'merge', body });
  const staged = await untilVm(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'RestartRequired')),
  );
  expect(staged.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'RestartRequired',
      message: 'a non-live-updatable field was changed in the template spec',
    }),
  );
  const { spec } = await client.get(virtualMachineInstances, inDefault('web'));
  expect(spec.domain.cpu?.sockets).toBe(1);
  const bridged = specVm('bridged', (template) => {
    template.networks = [{ name: 'default', pod: {} }];
    template.domain.devices.interfaces = [{ name: 'default', bridge: {} }];
  });
  await expect(client.create(virtualMachines, bridged)).rejects.toThrow(
    'Bridge on pod network configuration is not enabled under kubevirt-config',
  );
});

test('HyperConverged hands its settings down, and takes back what was changed by hand', async () => {
  const { client } = await startCluster();
  const hyperConverged = { namespace: 'kubevirt-hyperconverged', name: 'kubevirt-hyperconverged' };
  const virtualization = {
    evictionStrategy: 'LiveMigrateIfPossible',
    liveUpdateConfiguration: { maxCpuSockets: 8 },
    vmiCPUAllocationRatio: 4,
    higherWorkloadDensity: { memoryOvercommitPercentage: 150 },
  };
  await client.patch(hyperConvergeds, hyperConverged, {
    type: 'merge',
    body: { spec: { virtualization, storage: { vmStateStorageClass: 'hostpath-wait' } } },
  });
  const wanted = {
    evictionStrategy: 'LiveMigrateIfPossible',
    liveUpdateConfiguration: { maxCpuSockets: 8 },
    developerConfiguration: { cpuAllocationRatio: 4, memoryOvercommit: 150 },
    vmStateStorageClass: 'hostpath-wait',
  };
  const handedDown = () =>
    until(client, kubeVirts, kubeVirt, ({ spec }) => {
      const { evictionStrategy } = (spec['configuration'] ?? {}) as { evictionStrategy?: string };
      return evictionStrategy === 'LiveMigrateIfPossible';
    });
  expect((await handedDown()).spec['configuration']).toMatchObject(wanted);
  const body = { spec: { configuration: { evictionStrategy: 'None' } } };
  await client.patch(kubeVirts, kubeVirt, { type: 'merge', body });
  expect((await handedDown()).spec['configuration']).toMatchObject(wanted);
});

test('what no node has is accepted and never scheduled, in the words of the scheduler', async () => {
  const { client } = await startCluster();
  const selector = "node(s) didn't match Pod's node affinity/selector";
  const wishes: [string, string, Parameters<typeof specVm>[1]][] = [
    [
      'gpu',
      'Insufficient nvidia.com/A2',
      ({ domain }) => {
        domain.devices.gpus = [{ name: 'g', deviceName: 'nvidia.com/A2' }];
      },
    ],
    [
      'pages',
      'Insufficient hugepages-2Mi',
      ({ domain }) => {
        domain.memory = { guest: '256Mi', hugepages: { pageSize: '2Mi' } };
      },
    ],
    [
      'dedicated',
      selector,
      ({ domain }) => {
        domain.cpu = { dedicatedCpuPlacement: true, cores: 2 };
      },
    ],
    ['arm', selector, (spec) => (spec.architecture = 'arm64')],
  ];
  for (const [name, , change] of wishes) await client.create(virtualMachines, specVm(name, change));
  await client.create(virtualMachines, sizedVm('sized', { instancetype: { name: 'cx1.medium' } }));
  for (const [name, words] of [...wishes, ['sized', selector] as const]) {
    const vm = await untilVm(client, name, 'ErrorUnschedulable');
    const told = vm.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(told?.message).toBe(`0/1 nodes are available: 1 ${words}.`);
  }
});

test('a VM whose TPM persists has a claim for it, which goes with the VM alone', async () => {
  const { client, send } = await startCluster();
  await client.create(
    virtualMachines,
    specVm('web', ({ domain }) => (domain.devices.tpm = { persistent: true })),
  );
  const vmi = await untilVmi(client, 'web', 'Running');
  const claims = async () =>
    (await client.list(persistentVolumeClaims, { labelSelector: 'persistent-state-for=web' }))
      .items;
  const [claim] = await claims();
  expect(claim).toMatchObject({
    metadata: {
      name: expect.stringMatching(/^persistent-state-for-web-.+/) as string,
      ownerReferences: [{ kind: 'VirtualMachine', name: 'web' }],
    },
    spec: { resources: { requests: { storage: '10Mi' } }, accessModes: ['ReadWriteMany'] },
  });
  const { items } = await client.list(pods, { labelSelector: 'vmi.kubevirt.io/id=web' });
  const claimName = claim?.metadata.name ?? '';
  expect(items[0]?.spec.volumes).toContainEqual({
    name: 'vm-state',
    persistentVolumeClaim: { claimName },
  });
  const base = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/web';
  await send('PUT', `${base}/restart`);
  await untilVmi(client, 'web', ({ metadata, status }) => {
    return metadata.uid !== vmi.metadata.uid && status?.phase === 'Running';
  });
  expect((await claims()).map(({ metadata }) => metadata.uid)).toEqual([claim?.metadata.uid]);
  await client.delete(virtualMachines, inDefault('web'));
  await untilGone(client, persistentVolumeClaims, inDefault(claimName));
});
