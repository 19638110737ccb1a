import { annotations, diskBytes } from '../cdi/claims.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { type Pod, serviceAccounts } from '../client/resources.ts';
import { needsState, stateLabel } from '../kubevirt/virt-controller/backendStorage.ts';
import { launcherPodOn } from '../kubevirt/virt-handler/launcherPodOn.ts';
import { configSources } from '../kubevirt/virt-launcher/ConfigSources.ts';
import type { VolumeFolders } from '../kubevirt/virt-launcher/VolumeFolders.ts';
import type { ControllerOptions } from './ControllerOptions.ts';
import type { Informers } from './informers.ts';

interface Node {
  node: string;
  /** The handler's. */
  client: KubeClient;
  pods: Informer<Pod>;
  kubeletClient: KubeClient;
  /** What the node's kubelet sees. */
  local: Pick<Informers, 'claims' | 'volumes'>;
}

/** Where the handler of a node finds what its guests' disks are made of. */
export function guestVolumes(
  options: ControllerOptions,
  { node, client, kubeletClient, pods, local }: Node,
): VolumeFolders {
  return {
    images: options.images,
    sources: configSources(client),
    async accountFiles(namespace, name) {
      const { metadata } = await kubeletClient.get(serviceAccounts, { namespace, name });
      return {
        namespace,
        token: options.issueToken(namespace, metadata),
        'ca.crt': options.certificateAuthority,
      };
    },
    simulated: options.runtime.name === 'simulated',
    folderOf: (namespace, claim) => folderOf(local, namespace, claim),
    async ensureDisk(namespace, name, overhead) {
      const claim = local.claims.get({ namespace, name });
      // What CDI fills has a disk, or has lost it.
      if (!claim || claim.metadata.annotations?.[annotations.contentType] !== undefined) return;
      const blank = { bytes: diskBytes(claim, overhead) };
      await options.images.ensureBlank(await folderOf(local, namespace, name), blank);
    },
    async stateOf({ metadata, spec }) {
      if (!needsState({ spec })) return undefined;
      // Not by the pod, which may be gone before its guest.
      const claim = local.claims
        .list(metadata.namespace)
        .find((one) => one.metadata.labels?.[stateLabel] === metadata.name);
      return claim && folderOf(local, metadata.namespace ?? '', claim.metadata.name);
    },
    imageOf(vmi, container, path) {
      const pod = launcherPodOn(pods, node, vmi.metadata.uid);
      const status = pod?.status?.containerStatuses?.find(({ name }) => name === container);
      if (!status?.imageID) throw new Error(`the image of container ${container} is not here yet`);
      return options.containerImages.file(status.imageID, path);
    },
  };
}

async function folderOf(
  { claims, volumes }: Pick<Informers, 'claims' | 'volumes'>,
  namespace: string,
  name: string,
): Promise<string> {
  const claim = claims.get({ namespace, name });
  const volume = volumes.get({ name: claim?.spec.volumeName ?? '' });
  const path = volume?.spec.hostPath?.path;
  if (!path) throw new Error(`PVC ${namespace}/${name} is not bound to a volume of this machine`);
  return Promise.resolve(path);
}
