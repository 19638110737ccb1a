import { useEffect, useState } from 'react';
import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { isRecord } from '~/k8s/isRecord';
import { resourcePath, virtualMachineInstanceActions } from '~/k8s/models';

/**
 * Host name as the guest itself says it; `undefined` without an agent or an answer. KubeVirt keeps it
 * out of the instance's status: only the subresource `guestosinfo` tells. `session` is anything that
 * changes when the guest may be another one, such as the instance's uid.
 */
export function useGuestHostname(
  { namespace, name }: VmRef,
  { hasAgent, session }: { hasAgent: boolean; session: string },
): string | undefined {
  const [known, setKnown] = useState<{ session: string; hostname: string }>();
  // Asks the guest, once for each time that it has been started.
  useEffect(() => {
    if (!hasAgent) return;
    const abort = new AbortController();
    const path = resourcePath(virtualMachineInstanceActions, {
      namespace,
      name,
      subresource: 'guestosinfo',
    });
    kubernetesRequest(path, { signal: abort.signal }).then(
      (answer) => {
        const hostname = isRecord(answer) ? answer['hostname'] : undefined;
        if (!abort.signal.aborted && typeof hostname === 'string') setKnown({ session, hostname });
      },
      () => {
        // The name that was asked for at creation is shown instead: it is the same in most guests.
        if (!abort.signal.aborted) setKnown(undefined);
      },
    );
    return () => {
      abort.abort();
    };
  }, [namespace, name, hasAgent, session]);
  return hasAgent && known?.session === session ? known.hostname : undefined;
}
