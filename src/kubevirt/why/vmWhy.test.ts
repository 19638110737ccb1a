import type {
  V1VirtualMachineInstance,
  V1VirtualMachineStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { describe, expect, it, test } from 'vitest';
import type { EventRow } from '../vmEvents';
import { toRestoreRow } from '../vmSnapshots';
import { toClaimRow, toPodRow } from './rows';
import type { Situation } from './Situation';
import { vmProblem, vmWhys, whyRules } from './vmWhy';

type Condition = { type: string; status: string; reason?: string; message?: string };

/** A VM with these conditions, as virt-controller writes them. */
function withConditions(...conditions: Condition[]): Situation {
  return { vm: { status: { conditions } } };
}

function unschedulable(what: string): Situation {
  const message = `0/3 nodes are available: ${what}. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.`;
  const reason = 'Unschedulable';
  return withConditions({ type: 'PodScheduled', status: 'False', reason, message });
}

function withEvent(reason: string, message = '', kind = 'VirtualMachine'): Situation {
  const event: EventRow = {
    ...{ key: 'e', kind, name: 'web-rootdisk', isWarning: true, count: 1 },
    ...{ reason, message, lastSeen: '2026-11-02T10:00:00Z' },
  };
  return { vm: {}, events: [event] };
}

function withImport(failure: string): Situation {
  const row = { name: 'web-rootdisk', phase: 'ImportInProgress', percent: 0, failure };
  return { vm: { status: { printableStatus: 'DataVolumeError' } }, dataVolumes: [row] };
}

function notSynchronized(reason: string, message: string): Situation {
  return withConditions({ type: 'Synchronized', status: 'False', reason, message });
}

function failed(reason: string, message: string): Situation {
  return withConditions({ type: 'Failure', status: 'True', reason, message });
}

function withStatus(status: V1VirtualMachineStatus): Situation {
  return { vm: { status } };
}

function withInstance(status: V1VirtualMachineInstance['status']): Situation {
  return { vm: {}, vmi: { spec: { domain: { devices: {} } }, ...(status && { status }) } };
}

/** For each rule what the cluster shows when it applies. */
const cases: Readonly<Record<string, Situation>> = {
  noClaim: unschedulable('persistentvolumeclaim "web-data" not found'),
  claimNotBound: unschedulable('pod has unbound immediate PersistentVolumeClaims'),
  volumeElsewhere: unschedulable('3 node(s) had volume node affinity conflict'),
  noMemory: unschedulable('3 Insufficient memory'),
  noCpu: unschedulable('3 Insufficient cpu'),
  noKvm: unschedulable('3 Insufficient devices.kubevirt.io/kvm'),
  noDevice: unschedulable('3 Insufficient nvidia.com/TU104GL_Tesla_T4'),
  nodeSelector: unschedulable("3 node(s) didn't match Pod's node affinity/selector"),
  podAffinity: unschedulable("3 node(s) didn't match pod anti-affinity rules"),
  topologySpread: unschedulable("3 node(s) didn't match pod topology spread constraints"),
  taint: unschedulable('3 node(s) had untolerated taint {node-role: infra}'),
  cordoned: unschedulable('3 node(s) were unschedulable'),
  unschedulable: unschedulable('3 something new'),
  ioError: withConditions({
    ...{ type: 'Paused', status: 'True', reason: 'PausedIOError' },
    message: 'VMI was paused, low-level IO error detected',
  }),
  recovery: withConditions({ type: 'ManualRecoveryRequired', status: 'True' }),
  storageQuota: withEvent('ErrExceededQuota', 'exceeded quota: small', 'DataVolume'),
  cloneNotAllowed: withEvent('UnauthorizedDataVolumeCreate', 'Not authorized to create'),
  cloneSourceMissing: withEvent('SourcePVCNotAvailabe', 'Source PVC golden not available'),
  importNotFound: withImport(
    'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found',
  ),
  importDenied: withImport('expected status code 200, got 403. Status: 403 Forbidden'),
  importCertificate: withImport('tls: failed to verify certificate: x509: unknown authority'),
  importUnreachable: withImport('dial tcp: lookup images.example.com: no such host'),
  importTooLarge: withImport('DataVolume too small to contain image'),
  importChecksum: withImport(
    'Unable to process data: Unable to transfer source data to scratch space: checksum validation failed: checksum mismatch: expected md5:0, calculated md5:1',
  ),
  importFormat: withImport('Unable to process data: Invalid format vhdx for image'),
  classMissing: withEvent(
    'ProvisioningFailed',
    'storageclass.storage.k8s.io "fast" not found',
    'PersistentVolumeClaim',
  ),
  noDefaultClass: withEvent(
    'FailedBinding',
    'no persistent volumes available for this claim and no storage class is set',
    'PersistentVolumeClaim',
  ),
  noAccessMode: withEvent(
    'ErrClaimNotValid',
    'no accessMode specified in StorageProfile fast',
    'DataVolume',
  ),
  provisioningFailed: withEvent('ProvisioningFailed', 'rpc error: code = ResourceExhausted'),
  claimLost: {
    vm: {},
    claims: [toClaimRow({ metadata: { name: 'web-rootdisk' }, status: { phase: 'Lost' } })],
  },
  multiAttach: withEvent(
    'FailedAttachVolume',
    'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node',
    'Pod',
  ),
  secretMissing: withEvent(
    'FailedMount',
    'MountVolume.SetUp failed for volume "cloudinit" : secret "web-login" not found',
    'Pod',
  ),
  mountFailed: withEvent('FailedMount', 'MountVolume.MountDevice failed: exit status 32', 'Pod'),
  claimMissing: notSynchronized('FailedPvcNotFound', 'PVC shop/web-data does not exist'),
  dataVolume: withStatus({ printableStatus: 'DataVolumeError' }),
  instancetypeMissing: failed(
    'FailedFindInstancetype',
    'virtualmachineclusterinstancetypes.instancetype.kubevirt.io "u9" not found',
  ),
  preferenceMissing: failed('FailedFindPreference', 'preference "plan9" not found'),
  quota: notSynchronized(
    'FailedCreate',
    'pods "virt-launcher-web-" is forbidden: exceeded quota: small, requested: memory=2Gi',
  ),
  limitRange: notSynchronized(
    'FailedCreate',
    'pods "virt-launcher-web-" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
  ),
  podSecurity: notSynchronized(
    'FailedCreate',
    'pods "virt-launcher-web-" is forbidden: violates PodSecurity "restricted:latest"',
  ),
  imageDenied: notSynchronized('ErrImagePull', 'pull access denied, authentication required'),
  imageNotFound: notSynchronized('ErrImagePull', 'manifest unknown: manifest unknown'),
  imagePull: withStatus({ printableStatus: 'ImagePullBackOff' }),
  outOfMemory: {
    vm: {},
    pods: [
      toPodRow({
        status: {
          containerStatuses: [
            { name: 'compute', state: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
          ],
        },
      }),
    ],
  },
  crashLoop: withStatus({ printableStatus: 'CrashLoopBackOff' }),
  migrationPaused: withConditions({
    ...{ type: 'Paused', status: 'True', reason: 'PausedByMigrationMonitor' },
  }),
  evictionBlocked: {
    ...withConditions({
      ...{ type: 'LiveMigratable', status: 'False', reason: 'DisksNotLiveMigratable' },
      message: 'cannot migrate VMI: PVC web-rootdisk is not shared',
    }),
    vmi: withInstance({ evacuationNodeName: 'node-1' }).vmi,
  },
  migrationFailed: withInstance({
    nodeName: 'node-1',
    migrationState: { failed: true, completed: true, failureReason: 'guest memory' },
  }),
  hotplugCpu: failed('HotPlugCPUError', 'another CPU hotplug is in progress'),
  hotplugMemory: failed('HotPlugMemoryError', 'memory hotplug not supported'),
  hotplugVolume: withEvent('HotplugFailed', 'no free port', 'VirtualMachineInstance'),
  accessCredentials: withConditions({
    ...{ type: 'AccessCredentialsSynchronized', status: 'False' },
    message: 'guest agent is not connected',
  }),
  agentTooOld: withConditions({
    ...{ type: 'AgentVersionNotSupported', status: 'True' },
    reason: 'Guest agent of version 1.0 is not supported',
  }),
  nodeLost: withEvent('NodeUnresponsive', 'virt-handler on node-1 is not responsive'),
  snapshotFailed: {
    vm: {},
    restores: [
      toRestoreRow({
        spec: { target: { name: 'web' } },
        status: { conditions: [{ type: 'Failure', status: 'True', reason: 'not ready' }] },
      }),
    ],
  },
  failure: notSynchronized('Synchronizing with the Domain failed.', 'server error'),
  migrationWaiting: withConditions({ type: 'MigrationRequired', status: 'True' }),
  restartRequired: withConditions({
    ...{ type: 'RestartRequired', status: 'True' },
    message: 'a non-live-updatable field was changed in the template spec',
  }),
  locked: withStatus({ snapshotInProgress: 'before-update' }),
};

describe.each(whyRules)('rule $id', ({ id, find }) => {
  it('is the one that explains its case', () => {
    const situation = cases[id];
    expect(situation, 'a case for the rule').toBeDefined();
    expect(vmWhys(situation!).map(({ rule }) => rule)[0]).toBe(id);
  });

  it('keeps silent about a VM that is well', () => {
    const conditions = [
      { type: 'Ready', status: 'True' },
      { type: 'LiveMigratable', status: 'True' },
    ];
    const vm = { status: { printableStatus: 'Running', conditions } };
    expect(find({ vm, vmi: withInstance({ phase: 'Running' }).vmi })).toBeUndefined();
  });
});

test('names in the message are in the sentence', () => {
  expect(vmWhys(cases['noClaim']!)[0]?.values).toEqual({ claim: 'web-data' });
  expect(vmWhys(cases['classMissing']!)[0]?.values).toMatchObject({ class: 'fast' });
});

test('one message is explained once', () => {
  expect(vmWhys(cases['quota']!)).toHaveLength(1);
});

test('what stops it is told before what waits', () => {
  const { vm } = cases['restartRequired']!;
  const conditions = [
    ...(vm.status?.conditions ?? []),
    { type: 'Synchronized', status: 'False', reason: 'FailedPvcNotFound', message: 'no web' },
  ];
  const rules = vmWhys({ vm: { status: { conditions } } }).map(({ rule }) => rule);
  expect(rules).toEqual(['claimMissing', 'restartRequired']);
});

test('a warning of long ago is no reason any more', () => {
  const [old] = cases['nodeLost']!.events ?? [];
  const now = { ...old!, isWarning: false, reason: 'Started', lastSeen: '2026-11-02T11:00:00Z' };
  expect(vmWhys({ vm: {}, events: [now, old!] })).toEqual([]);
});

describe('vmProblem', () => {
  it('has none for a VM that is well, stopped, or being made', () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'VMINotExists' }];
    expect(vmProblem({})).toBeUndefined();
    expect(vmProblem({ status: { printableStatus: 'Stopped', conditions } })).toBeUndefined();
    const notReady = [{ type: 'DataVolumesReady', status: 'False', reason: 'NotAllDVsReady' }];
    const status = { printableStatus: 'Provisioning', conditions: notReady };
    expect(vmProblem({ status })).toBeUndefined();
  });

  it('does not count what waits', () => {
    expect(vmProblem(cases['restartRequired']!.vm)).toBeUndefined();
  });

  it('tells the server’s reason and message', () => {
    expect(vmProblem(cases['claimMissing']!.vm)).toMatchObject({
      rule: 'claimMissing',
      reason: 'FailedPvcNotFound',
      message: 'PVC shop/web-data does not exist',
    });
  });
});
