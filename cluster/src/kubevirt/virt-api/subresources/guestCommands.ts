import { ApiError, forbidden } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiHandler } from '../../../apiserver/ResourceDefinition.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { findCondition } from '../../virt-controller/conditions.ts';
import { parseDurationSeconds } from '../../../duration.ts';
import {
  bodyField,
  command,
  findVm,
  getVmi,
  guestOf,
  type Guests,
  handlerFailure,
  isDryRun,
  vmiConflict,
  vmiName,
} from './lookup.ts';

const done: ApiReply = { code: 200, empty: true };

const isPaused = (vmi: VirtualMachineInstance) =>
  findCondition(vmi.status?.conditions, 'Paused')?.status === 'True';

/** Commands to a running guest; rules of KubeVirt pkg/virt-api/rest/subresource.go (d923fdb). */
export function guestCommands(guests: Guests) {
  const pause: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.status?.phase !== 'Running') {
      throw vmiConflict(vmi.metadata.name, 'VM is not running');
    }
    const { livenessProbe } = vmi.spec;
    if (livenessProbe && !livenessProbe.guestAgentPing) {
      throw forbidden(
        vmiName,
        vmi.metadata.name,
        'Pausing VMIs with a non-GuestAgentPing LivenessProbe is not supported',
      );
    }
    if (isPaused(vmi)) throw vmiConflict(vmi.metadata.name, 'VMI is already paused');
    const guest = guestOf(vmi, guests);
    if (!isDryRun(request)) await command(() => guest.pause());
    return done;
  };

  const unpause: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.status?.phase !== 'Running') {
      throw vmiConflict(vmi.metadata.name, 'VMI is not running');
    }
    if (!isPaused(vmi)) throw vmiConflict(vmi.metadata.name, 'VMI is not paused');
    const vm = await findVm(request);
    if (vm?.status?.snapshotInProgress) {
      throw vmiConflict(vmi.metadata.name, 'VM snapshot is in progress');
    }
    const guest = guestOf(vmi, guests);
    if (!isDryRun(request)) await command(() => guest.resume());
    return done;
  };

  const reset: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    const phase = vmi.status?.phase ?? '';
    if (phase !== 'Running') {
      throw new ApiError(
        500,
        'InternalError',
        `Internal error occurred: Failed to reset non-running VMI with phase ${phase}`,
      );
    }
    const guest = guestOf(vmi, guests);
    await command(() => guest.reset());
    return done;
  };

  const softReboot: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    const { name } = vmi.metadata;
    if (vmi.status?.phase !== 'Running') throw vmiConflict(name, 'VM is not running');
    if (isPaused(vmi)) throw vmiConflict(name, 'VMI is paused');
    const hasAgent = findCondition(vmi.status.conditions, 'AgentConnected') !== undefined;
    if (!hasAgent && vmi.spec.domain.features?.acpi?.enabled === false) {
      throw vmiConflict(name, 'VMI neither have the agent connected nor the ACPI feature enabled');
    }
    const guest = guestOf(vmi, guests);
    await command(() => guest.softReboot());
    return done;
  };

  const freeze: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.status?.phase !== 'Running') {
      throw vmiConflict(vmi.metadata.name, 'VM is not running');
    }
    const guest = guestOf(vmi, guests);
    const timeout = bodyField(request, 'unfreezeTimeout');
    if (timeout === undefined || timeout === null) {
      throw handlerFailure('Unfreeze timeout in freeze request is not set');
    }
    const seconds = typeof timeout === 'string' ? parseDurationSeconds(timeout) : undefined;
    if (seconds === undefined) {
      throw handlerFailure('failed to unmarshal unfreeze timeout');
    }
    await command(() => guest.freeze(Math.floor(seconds)));
    return done;
  };

  const unfreeze: ApiHandler = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.status?.phase !== 'Running') {
      throw vmiConflict(vmi.metadata.name, 'VMI is not running');
    }
    const guest = guestOf(vmi, guests);
    await command(() => guest.thaw());
    return done;
  };

  return { pause, unpause, reset, softReboot, freeze, unfreeze };
}
