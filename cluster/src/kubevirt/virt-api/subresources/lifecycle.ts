import { ApiError, badRequest } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../resources.ts';
import { type RunStrategy, runStrategyOf } from '../../virt-controller/runStrategies.ts';
import { findCondition } from '../../virt-controller/conditions.ts';
import { needsRecovery } from '../../virt-controller/volumeMigrationStatus.ts';
import { bodyField, findVmi, getVm, isDryRun, isFinal, vmConflict } from './lookup.ts';

type StateChange = { action: 'Start' | 'Stop'; uid?: string; data?: Record<string, string> };

const accepted: ApiReply = { code: 202, empty: true };

/** The rules of start, stop and restart: KubeVirt pkg/virt-api/rest/lifecycle.go (d923fdb). */
export async function start(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  const vmi = await findVmi(request);
  const { name } = vm.metadata;
  refuseHalfCopies(vm);
  if (vmi && !isFinal(vmi) && vmi.status?.phase !== 'Unknown') {
    throw vmConflict(name, 'VM is already running');
  }
  const strategy = strategyOf(vm);
  const paused = bodyField(request, 'paused') === true;
  if (strategy === 'Always' || strategy === 'Once') {
    throw vmConflict(name, `${strategy} does not support manual start requests`);
  }
  if (strategy === 'RerunOnFailure' && vmi?.status?.phase === 'Failed') {
    throw vmConflict(name, 'RerunOnFailure does not support starting VM from failed state');
  }
  if (isDryRun(request)) return accepted;
  if (strategy === 'Halted' && !paused) {
    await patchRunning(request, vm, true);
    return accepted;
  }
  const wanted: StateChange = {
    action: 'Start',
    ...(paused && { data: { paused: 'true' } }),
  };
  const requests: StateChange[] =
    strategy === 'Manual' && vmi && isFinal(vmi)
      ? [{ action: 'Stop', uid: vmi.metadata.uid }, wanted]
      : [wanted];
  await putRequests(request, vm, requests);
  return accepted;
}

export async function stop(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  const vmi = await findVmi(request);
  const { name } = vm.metadata;
  const strategy = strategyOf(vm);
  const live = vmi && !isFinal(vmi);
  const grace = bodyField(request, 'gracePeriod');
  if (grace !== undefined && grace !== null && (typeof grace !== 'number' || grace < 0)) {
    throw badRequest('gracePeriod has to be greater or equal to 0');
  }
  if (strategy !== 'Always' && strategy !== 'Once' && !live) {
    throw vmConflict(name, 'VM is not running');
  }
  if (strategy === 'Halted') {
    const current = vmi?.spec.terminationGracePeriodSeconds ?? 30;
    if (typeof grace !== 'number' || grace >= current) {
      throw vmConflict(
        name,
        'Halted only supports manual stop requests with a shorter graceperiod',
      );
    }
  }
  if (isDryRun(request)) return accepted;
  if (typeof grace === 'number' && live) await shortenGrace(request, vmi, grace);
  switch (strategy) {
    case 'Always':
    case 'Once':
      await patchRunning(request, vm, false);
      break;
    case 'RerunOnFailure':
    case 'Manual':
      if (vmi) await putRequests(request, vm, [{ action: 'Stop', uid: vmi.metadata.uid }]);
      break;
    case 'Halted':
      break;
  }
  return accepted;
}

export async function restart(request: ApiRequest): Promise<ApiReply> {
  const grace = bodyField(request, 'gracePeriodSeconds');
  if (typeof grace === 'number' && grace > 0) {
    throw badRequest('For force restart, only gracePeriod=0 is supported for now');
  }
  if (typeof grace === 'number' && grace < 0) {
    throw badRequest('gracePeriod has to be greater or equal to 0');
  }
  const vm = await getVm(request);
  const { name } = vm.metadata;
  const strategy = strategyOf(vm);
  if (strategy === 'Halted' || strategy === 'Once') {
    // The misspelling is KubeVirt's, and clients match on it.
    throw vmConflict(name, `RunStategy ${strategy} does not support manual restart requests`);
  }
  refuseHalfCopies(vm);
  const vmi = await findVmi(request);
  if (!vmi || isFinal(vmi)) throw vmConflict(name, 'VM is not running: Halted');
  if (isDryRun(request)) return accepted;
  if (grace === 0) await shortenGrace(request, vmi, 0);
  await putRequests(request, vm, [{ action: 'Stop', uid: vmi.metadata.uid }, { action: 'Start' }]);
  return accepted;
}

/** A guest that starts on volumes that are not moved yet, or never will be, would find half a disk. */
function refuseHalfCopies(vm: VirtualMachine): void {
  const moves = findCondition(vm.status?.conditions, 'VolumesChange')?.status === 'True';
  if (!moves && !needsRecovery(vm)) return;
  throw vmConflict(
    vm.metadata.name,
    'VM recovery required: Volume migration failed, leaving some volumes pointing to non-consistent targets; manual intervention is needed to reassign them to their original volumes.',
  );
}

function strategyOf(vm: VirtualMachine): RunStrategy {
  const strategy = runStrategyOf(vm.spec);
  if (!strategy) throw badRequest('RunStrategy must be specified');
  return strategy;
}

/** Start and stop of Always, Once and Halted rewrite the spec, in the field that the VM uses. */
async function patchRunning(request: ApiRequest, vm: VirtualMachine, run: boolean): Promise<void> {
  const change =
    vm.spec.running === undefined
      ? { path: '/spec/runStrategy', value: run ? 'Always' : 'Halted', from: vm.spec.runStrategy }
      : { path: '/spec/running', value: run, from: vm.spec.running };
  await request.client.patch(virtualMachines, vm.metadata, {
    type: 'json',
    operations: [
      { op: 'test', path: change.path, value: change.from },
      { op: 'replace', path: change.path, value: change.value },
    ],
  });
}

async function putRequests(
  request: ApiRequest,
  vm: VirtualMachine,
  requests: StateChange[],
): Promise<void> {
  const pending = vm.status?.stateChangeRequests ?? [];
  const onlyStop = requests.length === 1 && requests[0]?.action === 'Stop';
  if (pending.length > 0 && !onlyStop) {
    throw new ApiError(
      500,
      'InternalError',
      'Internal error occurred: unable to complete request: stop/start already underway',
    );
  }
  await request.client.patch(
    virtualMachines,
    vm.metadata,
    { type: 'merge', body: { status: { stateChangeRequests: requests } } },
    { subresource: 'status' },
  );
}

async function shortenGrace(
  request: ApiRequest,
  vmi: VirtualMachineInstance,
  seconds: number,
): Promise<void> {
  await request.client.patch(virtualMachineInstances, vmi.metadata, {
    type: 'merge',
    body: { spec: { terminationGracePeriodSeconds: seconds } },
  });
}
