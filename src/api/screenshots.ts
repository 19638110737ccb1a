import { useEffect, useState } from 'react';
import type { VmRef } from '~/api/vms';
import { kubernetesBlob } from '~/console/http';
import { type Failure, toFailure } from '~/k8s/errors';
import { resourcePath, virtualMachineInstanceActions } from '~/k8s/models';

export type Screenshot = {
  /** Of the picture, for an image; undefined until one has come. */
  url: string | undefined;
  /** Why there is no newer one. */
  failure: Failure | undefined;
};

const nothing: Screenshot = { url: undefined, failure: undefined };

/**
 * Pictures of a guest's screen without a VNC session, so that nobody's is ended: one every `every`
 * milliseconds after the last has come, and none while the page cannot be seen or `vmi` is undefined.
 */
export function useScreenshot(vmi: VmRef | undefined, every: number): Screenshot {
  const [shot, setShot] = useState<Screenshot>(nothing);
  const { namespace, name } = vmi ?? {};
  // Asks the guest again and again.
  useEffect(() => {
    if (namespace === undefined || name === undefined) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let url: string | undefined;
    const path = resourcePath(virtualMachineInstanceActions, {
      ...{ namespace, name, subresource: 'vnc/screenshot' },
    });
    const take = async () => {
      if (document.visibilityState === 'visible') {
        try {
          const next = URL.createObjectURL(await kubernetesBlob(path, abort.signal));
          if (url !== undefined) URL.revokeObjectURL(url);
          url = next;
          if (!abort.signal.aborted) setShot({ url, failure: undefined });
        } catch (error) {
          // The last picture stays beside the reason.
          if (!abort.signal.aborted) setShot({ url, failure: toFailure(error) });
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void take(), every);
    };
    void take();
    return () => {
      abort.abort();
      clearTimeout(timer);
      if (url !== undefined) URL.revokeObjectURL(url);
      setShot(nothing);
    };
  }, [namespace, name, every]);
  return shot;
}
