import { expect, test } from 'vitest';

import { aGroup, allow, bindRole, clusterRole } from '../../src/client/clusterRole.ts';
import { ensureRoles } from '../../src/client/ensureRoles.ts';
import type { KubeClient, KubeObject } from '../../src/client/KubeClient.ts';
import { namespaces, resourceQuotas, roleBindings } from '../../src/client/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { blankDisk, diskVm, plainVm } from './manifests.ts';
import {
  inDefault,
  migrationOf,
  migrations,
  movable,
  runningOn,
  untilPhase,
} from './migrations.ts';
import { eventsOf, until, untilVm } from './watching.ts';

const storage = { resources: { requests: { storage: '64Mi' } } };
const cloneOf = (namespace: string) => ({
  metadata: { name: 'root' },
  spec: { source: { pvc: { namespace, name: 'golden' } }, storage },
});

/** Resolves when the object has such a warning. */
async function expectWarning(client: KubeClient, object: KubeObject, reason: string, text: string) {
  await expect
    .poll(async () => {
      const found = (await eventsOf(client, object)).filter((one) => one.reason === reason);
      return found.map(({ type, message }) => [type, message]);
    })
    .toContainEqual(['Warning', text]);
}

/** The same client, which does not delete instances as long as `refuses` says so. */
function withoutDelete(client: KubeClient, refuses: () => boolean): KubeClient {
  const remove: KubeClient['delete'] = (resource, ...rest) =>
    refuses() && resource.plural === virtualMachineInstances.plural
      ? Promise.reject(new Error('the disk is full'))
      : client.delete(resource, ...rest);
  return {
    get: (...of) => client.get(...of),
    list: (...of) => client.list(...of),
    create: (...of) => client.create(...of),
    update: (...of) => client.update(...of),
    updateStatus: (...of) => client.updateStatus(...of),
    patch: (...of) => client.patch(...of),
    delete: remove,
    watch: (...of) => client.watch(...of),
  };
}

/** KubeVirt: stopVMI of pkg/virt-controller/watch/vm/vm.go (d923fdb). */
test('a VM whose instance cannot be deleted', async () => {
  let refuses = true;
  const { client } = await startCluster({
    controlPlane(api) {
      const refusing = withoutDelete(api.client, () => refuses);
      return Promise.resolve(() => refusing);
    },
  });
  const vm = await client.create(virtualMachines, plainVm('web'));
  await untilVm(client, 'web', 'Running');
  const body = { spec: { runStrategy: 'Halted' } };
  await client.patch(virtualMachines, inDefault('web'), { type: 'merge', body });
  const text = 'Error deleting virtual machine instance web: the disk is full';
  await expectWarning(client, vm, 'FailedDelete', text);
  refuses = false;
  await untilVm(client, 'web', 'Stopped');
});

/** KubeVirt: validateDataVolume of pkg/virt-controller/watch/vm/vm.go (d923fdb). */
test('a VM whose disk is a copy of a claim that is not there yet', async () => {
  const { client } = await startCluster();
  const vm = await client.create(virtualMachines, diskVm('web', { template: cloneOf('default') }));
  const text =
    'Source PVC golden not available: Target PVC root will remain unpopulated until source is created';
  await expectWarning(client, vm, 'SourcePVCNotAvailabe', text);
});

/** As above. The right was there when the VM was admitted. */
test('a VM that has lost the right to its source', async () => {
  const { client, send } = await startCluster();
  const metadata = { name: 'private' };
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  const right = allow('cdi.kubevirt.io', ['datavolumes/source'], ['create']);
  const accounts = aGroup('system:serviceaccounts:default');
  const grant = bindRole('all', [accounts], { role: 'cloner', namespace: 'private' });
  await ensureRoles(client, [clusterRole('cloner', [right])], [grant]);
  const vm = await client.create(
    virtualMachines,
    diskVm('web', {
      template: cloneOf('private'),
      runStrategy: 'Halted',
      change({ metadata: own }) {
        own.annotations = { 'kubevirt.io/immediate-data-volume-creation': 'false' };
      },
    }),
  );
  await client.delete(roleBindings, { namespace: 'private', name: grant.metadata.name ?? '' });
  expect((await send('PUT', vmAction('web', 'start'))).code).toBe(202);
  const text =
    'Not authorized to create DataVolume root: User system:serviceaccount:default:default has insufficient permissions in clone source namespace private';
  await expectWarning(client, vm, 'UnauthorizedDataVolumeCreate', text);
});

const quota = (hard: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'small', namespace: 'default' },
  spec: { hard },
});

/** KubeVirt: handleDataVolumes of pkg/virt-controller/watch/vm/vm.go (d923fdb). */
test('a VM whose disk is too large for the quota', async () => {
  const { client } = await startCluster();
  await client.create(resourceQuotas, quota({ 'requests.storage': '1Mi' }));
  const vm = await client.create(virtualMachines, diskVm('web', { template: blankDisk('root') }));
  await expectWarning(client, vm, 'FailedDataVolumeImport', 'DataVolume root exceeds quota limits');
});

/** KubeVirt: createTargetPod and updateStatus of pkg/virt-controller/watch/migration/migration.go (d923fdb). */
test('a migration whose target pod the quota refuses waits, and goes on when there is room', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web'));
  await client.create(resourceQuotas, quota({ pods: '1' }));
  await client.create(migrations, migrationOf('web'));
  const waits = await until(client, migrations, inDefault('move-web'), ({ status }) =>
    Boolean(status?.conditions?.length),
  );
  expect(waits.status).toMatchObject({
    phase: 'Pending',
    conditions: [{ type: 'migrationRejectedByResourceQuota', status: 'True' }],
  });
  const messages = async () =>
    (await eventsOf(client, vmi))
      .filter(({ reason }) => reason === 'FailedCreate')
      .map(({ message }) => message);
  await expect
    .poll(messages)
    .toContainEqual(
      expect.stringMatching(/^Error creating pod: .* exceeded quota: small, requested: pods=1/),
    );
  await client.delete(resourceQuotas, inDefault('small'));
  const moved = await untilPhase(cluster, 'move-web', 'Succeeded');
  expect(moved.status?.conditions ?? []).toEqual([]);
});
