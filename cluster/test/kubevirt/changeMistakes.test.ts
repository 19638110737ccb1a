import { expect, test } from 'vitest';

import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { untilVm } from './watching.ts';

const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web';
const mergePatch = 'application/merge-patch+json';
const mutator = 'virtualmachines-mutator.kubevirt.io';
const validator = 'virtualmachine-validator.kubevirt.io';

type Row = [
  row: number,
  name: string,
  /** What the VM is before, and its status. */
  before: { spec?: object; status?: object },
  change: object,
  webhook: string,
  cause: { reason: string; field: string; message: string },
];

const small = { kind: 'VirtualMachineClusterInstancetype', name: 'u1.small' };
const notSupported = (field: string, message: string) => ({
  reason: 'FieldValueNotSupported',
  field,
  message,
});

/**
 * Rows of the catalogue about changes of a VM (pkg/instancetype/webhooks/vm/mutator.go and
 * SADM/vm-storage-status.go, d923fdb).
 */
const rows: Row[] = [
  [
    89,
    'a name beside inferFromVolume',
    {},
    { instancetype: { name: 'u1.small', inferFromVolume: 'root' } },
    mutator,
    notSupported(
      'spec.instancetype.name',
      'Name already set, should be cleared before setting inferFromVolume',
    ),
  ],
  [
    89,
    'a kind beside inferFromVolume',
    {},
    { preference: { kind: 'VirtualMachinePreference', inferFromVolume: 'root' } },
    mutator,
    notSupported(
      'spec.preference.kind',
      'Kind already set, should be cleared before setting inferFromVolume',
    ),
  ],
  [
    90,
    'an instance type without a name',
    {},
    { instancetype: { kind: 'VirtualMachineInstancetype' } },
    mutator,
    {
      reason: 'FieldValueNotFound',
      field: 'spec.instancetype',
      message: 'Either Name or InferFromVolume should be provided within the InstancetypeMatcher',
    },
  ],
  [
    91,
    'another name with the old revision',
    { spec: { instancetype: { ...small, revisionName: 'one' } } },
    { instancetype: { name: 'u1.medium' } },
    mutator,
    {
      reason: 'FieldValueInvalid',
      field: 'spec.instancetype.revisionName',
      message: 'the Matcher Name has been updated without updating the RevisionName',
    },
  ],
  [
    92,
    'disks during a snapshot',
    { status: { snapshotInProgress: 's' } },
    { template: { spec: { volumes: [{ name: 'root', emptyDisk: { capacity: '1Gi' } }] } } },
    validator,
    notSupported('spec', 'Cannot update vm disks or volumes until snapshot "s" completes'),
  ],
  [
    93,
    'run strategy during a snapshot',
    { status: { snapshotInProgress: 's' } },
    { runStrategy: 'Always' },
    validator,
    notSupported('spec', 'Cannot update vm running state until snapshot "s" completes'),
  ],
  [
    94,
    'run strategy during a restore',
    { status: { restoreInProgress: 'r' } },
    { runStrategy: 'Always' },
    validator,
    notSupported('spec', 'Cannot update VM runStrategy until restore "r" completes'),
  ],
];

test.each(rows)('row %i: %s', async (_row, _name, before, change, webhook, cause) => {
  const { client, send } = await startCluster();
  const vm = diskVm('web', { runStrategy: 'Halted' });
  const memory = vm.spec.template.spec?.domain;
  if (before.spec && memory) delete memory.memory;
  await client.create(virtualMachines, { ...vm, spec: { ...vm.spec, ...before.spec } });
  await untilVm(client, 'web', () => true);
  if (before.status) {
    const body = { status: before.status };
    await send('PATCH', `${url}/status`, { body, contentType: mergePatch });
  }
  const reply = await send('PATCH', url, { body: { spec: change }, contentType: mergePatch });
  expect(reply).toMatchObject({
    code: 422,
    body: {
      reason: 'Invalid',
      message: `admission webhook "${webhook}" denied the request: ${cause.message}`,
      details: { causes: [cause] },
    },
  });
});
