import { useCallback, useEffect, useState } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { useAccess } from '~/api/access';
import type { VmRef } from '~/api/vms';
import { kubernetesBlob } from '~/console/http';
import type { AccessQuery } from '~/k8s/AccessReviews';
import { browserClock } from '~/k8s/Clock';
import { type Failure, toFailure } from '~/k8s/errors';
import { type Picture, PictureRounds } from '~/k8s/PictureRounds';
import { resourcePath, virtualMachineInstanceActions } from '~/k8s/models';

export type Screenshot = {
  /** Of the picture, for an image; undefined until one has come. */
  url: string | undefined;
  /** Why there is no newer one. */
  failure: Failure | undefined;
};

const nothing: Screenshot = { url: undefined, failure: undefined };

/**
 * Whether the user may see pictures of screens: the API server asks for the right to the console too, since it goes by
 * the first part of `vnc/screenshot`.
 */
export function useScreenshotAccess(namespace: string): { loading: boolean; allowed: boolean } {
  const may = (subresource: string): AccessQuery => ({
    ...{ verb: 'get', group: 'subresources.kubevirt.io', namespace },
    ...{ resource: 'virtualmachineinstances', subresource },
  });
  const picture = useAccess(may('vnc/screenshot'));
  const console = useAccess(may('vnc'));
  return {
    loading: picture.loading || console.loading,
    allowed: picture.allowed && console.allowed,
  };
}

/** Consoles forbid pictures from `blob:` by their content security policy, and allow `data:`. */
function dataUrl(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(typeof reader.result === 'string' ? reader.result : '');
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('The picture could not be read.'));
    };
    // The server sends bytes without saying that they are PNG.
    reader.readAsDataURL(new Blob([picture], { type: 'image/png' }));
  });
}

function pathOf({ namespace, name }: VmRef): string {
  const subresource = 'vnc/screenshot';
  return resourcePath(virtualMachineInstanceActions, { namespace, name, subresource });
}

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
    const path = pathOf({ namespace, name });
    const take = async () => {
      if (document.visibilityState === 'visible') {
        try {
          url = await dataUrl(await kubernetesBlob(path, abort.signal));
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
      setShot(nothing);
    };
  }, [namespace, name, every]);
  return shot;
}

const rounds = new PictureRounds({
  take: async (path) => dataUrl(await kubernetesBlob(path, new AbortController().signal)),
  clock: browserClock,
  isSeen: () => document.visibilityState === 'visible',
});

const none: Picture = { url: undefined, failure: undefined };

/** The same for one of many screens, which take turns; undefined for one that has no picture now. */
export function useScreenshotInTurn(vmi: VmRef | undefined): Screenshot {
  const path = vmi && pathOf(vmi);
  const subscribe = useCallback(
    (listener: () => void) =>
      path === undefined ? () => undefined : rounds.subscribe(path, listener),
    [path],
  );
  const get = useCallback(() => (path === undefined ? none : rounds.get(path)), [path]);
  return useSyncExternalStore(subscribe, get);
}
