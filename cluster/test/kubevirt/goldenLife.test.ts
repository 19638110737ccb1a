import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { dataVolumes } from '../../src/cdi/resources.ts';
import {
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { eventsOf, until, untilGone, untilVm, untilVmi } from './watching.ts';

const key = { namespace: 'default', name: 'web' };

/** Each condition in a line: type, status, reason. */
const shown = ({ status }: VirtualMachineInstance) =>
  (status?.conditions ?? [])
    .map(({ type, status: is, reason }) => [type, is, reason ?? '-'].join(' '))
    .sort();

/**
 * What anybody sees of a VM's life, a row a moment. Sources: pkg/virt-controller/watch/vmi/lifecycle.go,
 * pkg/virt-handler/vm.go and pkg/virt-controller/watch/vm/vm.go (d923fdb).
 */
test('conditions, phases and events of an instance are those of KubeVirt, from its start to its end', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  const running = await untilVmi(client, 'web', (vmi) =>
    ['AgentConnected True -', 'Ready True -'].every((line) => shown(vmi).includes(line)),
  );
  expect(running.status?.phaseTransitionTimestamps?.map(({ phase }) => phase)).toEqual([
    'Pending',
    'Scheduling',
    'Scheduled',
    'Running',
  ]);
  expect(shown(running)).toEqual([
    'AgentConnected True -',
    'DataVolumesReady True AllDVsReady',
    'LiveMigratable False InterfaceNotLiveMigratable',
    'Ready True -',
    'StorageLiveMigratable False NotMigratable',
  ]);
  await untilVm(client, 'web', 'Running');

  expect((await send('PUT', vmiAction('web', 'pause'), { body: {} })).code).toBe(200);
  const paused = await untilVmi(client, 'web', (vmi) =>
    shown(vmi).includes('Ready False ReadinessGatesNotReady'),
  );
  expect(shown(paused)).toContain('Paused True PausedByUser');
  await untilVm(
    client,
    'web',
    ({ status }) => status?.printableStatus === 'Paused' && !status.ready,
  );
  expect((await send('PUT', vmiAction('web', 'unpause'), { body: {} })).code).toBe(200);
  const vm = await untilVm(client, 'web', 'Running');

  expect((await send('PUT', vmAction('web', 'stop'), { body: {} })).code).toBe(202);
  await untilGone(client, virtualMachineInstances, key);
  await untilVm(client, 'web', 'Stopped');
  const said = async (object: typeof vm | typeof running) =>
    (await eventsOf(client, object)).map(({ type, reason }) => `${type} ${reason}`);
  await expect
    .poll(() => said(vm))
    .toEqual([
      'Normal SuccessfulDataVolumeCreate',
      'Normal SuccessfulCreate',
      'Normal SuccessfulDelete',
    ]);
  await expect
    .poll(() => said(running))
    .toEqual([
      'Normal SuccessfulCreate',
      'Normal Created',
      'Normal Started',
      'Normal Paused',
      'Normal Unpaused',
      'Normal ShuttingDown',
      'Normal Stopped',
      'Normal SuccessfulDelete',
    ]);
});

test('an instance whose claim is missing says so by three conditions, and goes on when it comes', async () => {
  const { client } = await startCluster();
  const vm = diskVm('web');
  delete vm.spec.dataVolumeTemplates;
  const { spec } = vm.spec.template;
  if (spec) spec.volumes = [{ name: 'root', persistentVolumeClaim: { claimName: 'late' } }];
  await client.create(virtualMachines, vm);
  const waiting = await untilVmi(client, 'web', (vmi) => shown(vmi).length > 1);
  expect(shown(waiting)).toEqual([
    'PodScheduled False Unschedulable',
    'Ready False PodNotExists',
    'Synchronized False FailedPvcNotFound',
  ]);
  expect((await untilVm(client, 'web', 'ErrorPvcNotFound')).status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'False', reason: 'PodNotExists' }),
  );
  await client.create(dataVolumes, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { namespace: 'default', name: 'late' },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '64Mi' } } } },
  });
  const running = await untilVmi(client, 'web', 'Running');
  expect(shown(running).filter((line) => /^(PodScheduled|Synchronized)/.test(line))).toEqual([]);
});

/** Source: pkg/virt-controller/services/template.go and API/core/v1/types.go, lines 1127 to 1523 (d923fdb). */
test('a launcher pod has the names, labels, containers and owner of KubeVirt', async () => {
  const { client } = await startCluster();
  const vm = diskVm('web', {
    change({ spec }) {
      Object.assign(spec.template.spec ?? {}, {
        hostname: 'shop',
        subdomain: 'sales',
        terminationGracePeriodSeconds: 10,
      });
      spec.template.metadata = { labels: { app: 'web' }, annotations: { note: 'mine' } };
    },
  });
  await client.create(virtualMachines, vm);
  const vmi = await untilVmi(client, 'web', 'Running');
  const [first] = (await client.list(pods, { namespace: 'default' })).items;
  const pod = await until(
    client,
    pods,
    { namespace: 'default', name: first?.metadata.name ?? '' },
    ({ metadata, status }) =>
      metadata.labels?.['kubevirt.io/nodeName'] !== undefined && status?.phase === 'Running',
  );
  expect(pod.metadata).toMatchObject({
    name: expect.stringMatching(/^virt-launcher-web-[a-z0-9]{5}$/) as string,
    generateName: 'virt-launcher-web-',
    labels: {
      app: 'web',
      'kubevirt.io': 'virt-launcher',
      'kubevirt.io/created-by': vmi.metadata.uid,
      'kubevirt.io/nodeName': vmi.status?.nodeName,
      'vm.kubevirt.io/name': 'shop',
      'vmi.kubevirt.io/id': 'web',
    },
    annotations: {
      'kubevirt.io/domain': 'web',
      'kubevirt.io/memory-overhead-bytes': expect.stringMatching(/^\d+$/) as string,
      'kubevirt.io/migrationTransportUnix': 'true',
      'kubectl.kubernetes.io/default-container': 'compute',
    },
    ownerReferences: [
      {
        kind: 'VirtualMachineInstance',
        name: 'web',
        uid: vmi.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  });
  expect(pod.spec).toMatchObject({
    hostname: 'shop',
    subdomain: 'sales',
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 25,
    readinessGates: [{ conditionType: 'kubevirt.io/virtual-machine-unpaused' }],
    nodeSelector: { 'kubevirt.io/schedulable': 'true', 'kubernetes.io/arch': 'amd64' },
    containers: [{ name: 'compute' }, { name: 'guest-console-log' }],
  });
  expect(pod.status).toMatchObject({ phase: 'Running', qosClass: 'Burstable' });
  expect(vmi.metadata.labels).toMatchObject({ 'kubevirt.io/nodeName': vmi.status?.nodeName });
  expect(vmi.status).toMatchObject({
    activePods: { [pod.metadata.uid]: vmi.status?.nodeName },
    machine: { type: 'q35' },
    runtimeUser: 107,
    migrationTransport: 'Unix',
  });
});
