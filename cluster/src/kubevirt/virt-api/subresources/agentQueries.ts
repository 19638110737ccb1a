import { RawReplyError } from '../../../apiserver/ApiError.ts';
import type { ApiHandler, ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import { findCondition } from '../../virt-controller/conditions.ts';
import type {
  AgentCommands,
  GuestFilesystem,
  GuestUser,
} from '../../virt-launcher/AgentCommands.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { getVmi, guestOf, type Guests, vmiConflict } from './lookup.ts';

/** The most that `guestosinfo` tells of users and file systems; the lists of their own tell all. */
const MOST = 10;

/**
 * What the guest agent tells: KubeVirt pkg/virt-api/rest/subresource.go (d923fdb). Every failure of these
 * is 500 as plain text.
 */
export function agentQueries(guests: Guests) {
  const guestOsInfo = answer(guests, async (agent) => {
    const frozen = await agent.frozen();
    const info = await agent.info();
    // A frozen guest answers nothing but that.
    const details = frozen ? undefined : await agent.details();
    const users = frozen ? [] : await agent.users();
    const disks = frozen ? [] : await agent.filesystems();
    return {
      apiVersion: 'v1',
      kind: 'VirtualMachineInstanceGuestAgentInfo',
      ...(details && {
        guestAgentVersion: details.version,
        supportedCommands: details.commands,
        timezone: details.timezone,
      }),
      hostname: info.hostname,
      os: info.os ?? {},
      ...(users.length > 0 && { userList: users.slice(0, MOST).map(toUser) }),
      fsInfo: { disks: disks.slice(0, MOST).map(toFilesystem) },
      ...(frozen && { fsFreezeStatus: 'frozen' }),
    };
  });

  const userList = answer(guests, async (agent) => ({
    metadata: {},
    items: (await agent.users()).map(toUser),
  }));

  const filesystemList = answer(guests, async (agent) => ({
    metadata: {},
    items: (await agent.filesystems()).map(toFilesystem),
  }));

  return { guestOsInfo, userList, filesystemList };
}

function answer(guests: Guests, ask: (agent: AgentCommands) => Promise<object>): ApiHandler {
  return async (request) => {
    try {
      return { code: 200, json: await ask(await agentOf(request, guests)) };
    } catch (error) {
      const text = messageOf(error);
      throw new RawReplyError({ code: 500, text });
    }
  };
}

async function agentOf(request: ApiRequest, guests: Guests): Promise<AgentCommands> {
  const vmi = await getVmi(request);
  const { name } = vmi.metadata;
  if (vmi.status?.phase !== 'Running') throw vmiConflict(name, 'VMI is not running');
  const connected = findCondition(vmi.status.conditions, 'AgentConnected');
  const { agent } = guestOf(vmi, guests);
  if (!connected || !agent) {
    throw vmiConflict(name, 'VMI does not have guest agent connected');
  }
  return agent;
}

const toUser = ({ name, domain, loginTime }: GuestUser) => ({
  userName: name,
  ...(domain !== undefined && { domain }),
  loginTime,
});

const toFilesystem = (filesystem: GuestFilesystem) => ({
  diskName: filesystem.name,
  mountPoint: filesystem.mountPoint,
  fileSystemType: filesystem.type,
  usedBytes: filesystem.usedBytes,
  totalBytes: filesystem.totalBytes,
  ...(filesystem.disks.length > 0 && { disk: filesystem.disks }),
});
