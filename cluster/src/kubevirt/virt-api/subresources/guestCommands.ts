import { ApiError, RawReplyError } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiHandler, ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { findCondition } from '../../virt-controller/conditions.ts';
import type { GuestAgentInfo } from '../../virt-launcher/GuestRuntime.ts';
import { command, getVmi, guestOf, type Guests, isDryRun, vmiConflict } from './lookup.ts';

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

  const guestOsInfo: ApiHandler = async (request) => {
    const info = await agentInfo(request, guests);
    return {
      code: 200,
      json: {
        apiVersion: 'v1',
        kind: 'VirtualMachineInstanceGuestAgentInfo',
        hostname: info.hostname,
        os: info.os ?? {},
      },
    };
  };

  return { pause, unpause, reset, guestOsInfo };
}

/** Every failure of the agent's subresources is 500 as plain text (kubevirt-api, section 4.2). */
async function agentInfo(request: ApiRequest, guests: Guests): Promise<GuestAgentInfo> {
  try {
    const info = await guestOf(await getVmi(request), guests).agentInfo();
    if (!info) throw new Error('VMI does not have guest agent connected');
    return info;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new RawReplyError({ code: 500, text });
  }
}
