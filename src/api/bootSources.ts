import { importCronDelete } from '~/api/importCrons';
import { objectDelete } from '~/api/objects';
import { useWatchList } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { rowsOf } from '~/k8s/Watched';
import type { Failure } from '~/k8s/errors';
import { dataSources, dataVolumes, persistentVolumeClaims, resourcePath } from '~/k8s/models';
import { defaultLabels } from '~/kubevirt/bootSourceObjects';

import type { ImportCronRow } from '~/kubevirt/importCrons';
import { type BootSourceRow, toBootSourceRow } from '~/kubevirt/bootSources';

export interface BootSources {
  isLoading: boolean;
  rows: readonly BootSourceRow[];
  /** Why there may be more than are shown. */
  failure: Failure | undefined;
}

/**
 * Namespaces that hold the images of a cluster, where all may read: of OpenShift Virtualization and
 * of upstream's SSP operator. Asked when the list of all namespaces is refused.
 */
const IMAGE_NAMESPACES = ['openshift-virtualization-os-images', 'kubevirt-os-images'] as const;

/** DataSources that the user may read: of all namespaces, or else of the few that are known. */
export function useBootSources(namespace: string | undefined): BootSources {
  const model = dataSources;
  const toRow = toBootSourceRow;
  const all = useWatchList({ model, namespace: undefined, toRow });
  const isRefused = all.state === 'error';
  const [openshift, upstream] = IMAGE_NAMESPACES;
  const first = useWatchList(isRefused ? { model, namespace: openshift, toRow } : undefined);
  const second = useWatchList(isRefused ? { model, namespace: upstream, toRow } : undefined);
  const own = useWatchList(
    isRefused && namespace !== undefined ? { model, namespace, toRow } : undefined,
  );
  if (!isRefused) {
    return {
      isLoading: all.state === 'loading' || !all.data.complete,
      rows: rowsOf(all) ?? [],
      failure: undefined,
    };
  }
  const parts = namespace === undefined ? [first, second] : [first, second, own];
  const rows = parts.flatMap((part) => rowsOf(part) ?? []);
  return {
    isLoading: parts.some((part) => part.state === 'loading'),
    rows,
    failure: rows.length === 0 ? all.error : undefined,
  };
}

/** Names the instance type and the preference that suit a boot source. */
export async function bootSourceDefaultsSet(
  source: VmRef,
  defaults: { instancetype: string; preference: string },
): Promise<void> {
  await kubernetesRequest(resourcePath(dataSources, source), {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: defaultLabels(defaults) } },
  });
}

/**
 * Deletes a boot source, first what keeps it up to date and would make it again, and with `withImage`
 * the volume that holds its image too.
 */
export async function bootSourceDelete(
  { namespace, name, claimNamespace, claimName }: BootSourceRow,
  { withImage, cron }: { withImage: boolean; cron: ImportCronRow | undefined },
): Promise<void> {
  if (cron) await importCronDelete(cron);
  await objectDelete(dataSources, { namespace, name });
  if (!withImage || claimName === '') return;
  const image = { namespace: claimNamespace, name: claimName };
  // The DataVolume has the claim; when it was collected as garbage the claim is by itself.
  for (const model of [dataVolumes, persistentVolumeClaims]) {
    await objectDelete(model, image);
  }
}
