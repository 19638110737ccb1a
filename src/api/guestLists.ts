import { useEffect, useState } from 'react';
import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { isRecord } from '~/k8s/isRecord';
import { resourcePath, virtualMachineInstanceActions } from '~/k8s/models';

export type GuestUser = {
  name: string;
  domain: string;
  /** Milliseconds since 1970. */ since: number;
};

export type GuestFileSystem = {
  disk: string;
  mountPoint: string;
  type: string;
  usedBytes: number;
  totalBytes: number;
};

/** What a guest's agent tells about it; empty while it does not answer. */
export type GuestLists = { users: readonly GuestUser[]; fileSystems: readonly GuestFileSystem[] };

const nothing: GuestLists = { users: [], fileSystems: [] };

/** Asked again after so many milliseconds: the agent itself looks every few seconds. */
const every = 15_000;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

async function itemsOf(
  { namespace, name }: VmRef,
  subresource: 'userlist' | 'filesystemlist',
  signal: AbortSignal,
): Promise<readonly Record<string, unknown>[]> {
  const path = resourcePath(virtualMachineInstanceActions, { namespace, name, subresource });
  const answer = await kubernetesRequest(path, { signal });
  const items = isRecord(answer) ? answer['items'] : undefined;
  return Array.isArray(items) ? items.filter(isRecord) : [];
}

async function readLists(vmi: VmRef, signal: AbortSignal): Promise<GuestLists> {
  const [users, fileSystems] = await Promise.all([
    itemsOf(vmi, 'userlist', signal),
    itemsOf(vmi, 'filesystemlist', signal),
  ]);
  return {
    users: users.map(({ userName, domain, loginTime }) => ({
      ...{ name: textOf(userName), domain: textOf(domain), since: numberOf(loginTime) * 1000 },
    })),
    fileSystems: fileSystems.map((one) => ({
      ...{ disk: textOf(one['diskName']), mountPoint: textOf(one['mountPoint']) },
      ...{ type: textOf(one['fileSystemType']) },
      ...{ usedBytes: numberOf(one['usedBytes']), totalBytes: numberOf(one['totalBytes']) },
    })),
  };
}

/**
 * Users that are logged in and file systems with their fill, of a guest with an agent. All that the
 * agent cannot tell is a 500 with plain text (KubeVirt pkg/virt-api/rest at d923fdb), an ordinary
 * state: the lists are empty then, and asked for again.
 */
export function useGuestLists({ namespace, name }: VmRef, hasAgent: boolean): GuestLists {
  const [lists, setLists] = useState(nothing);
  // Asks the guest again and again.
  useEffect(() => {
    if (!hasAgent) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (next: GuestLists) => {
      if (abort.signal.aborted) return;
      setLists(next);
      timer = setTimeout(ask, every);
    };
    const ask = () => {
      readLists({ namespace, name }, abort.signal).then(again, () => again(nothing));
    };
    ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
      setLists(nothing);
    };
  }, [namespace, name, hasAgent]);
  return lists;
}
