import { objectDelete } from '~/api/objects';
import { useWatchList } from '~/api/useWatch';
import { kubernetesRequest } from '~/console/http';
import { FailureError, ownFailure, toFailure } from '~/k8s/errors';
import { dataImportCrons, resourcePath } from '~/k8s/models';
import {
  type DataImportCron,
  type ImportCronRow,
  nextTimeAnnotation,
  replacement,
  toImportCronRow,
} from '~/kubevirt/importCrons';

type CronRef = Pick<ImportCronRow, 'namespace' | 'name'>;

/** The DataImportCrons that the user may see; none while they are not known. */
export function useImportCrons(namespace: string | undefined): readonly ImportCronRow[] {
  const watched = useWatchList({ model: dataImportCrons, namespace, toRow: toImportCronRow });
  return watched.state === 'ready' ? watched.data.rows : [];
}

const pollMs = 500;
const goneWithinMs = 60_000;

/** Deletes a cron and resolves once it is gone: until then CDI makes its DataSource again. */
export async function importCronDelete(cron: CronRef): Promise<void> {
  await objectDelete(dataImportCrons, cron);
  const end = Date.now() + goneWithinMs;
  for (;;) {
    try {
      await kubernetesRequest(resourcePath(dataImportCrons, cron));
    } catch (error) {
      if (toFailure(error).status === 404) return;
      throw error;
    }
    if (Date.now() > end) {
      const detail = `DataImportCron ${cron.name} is being deleted still.`;
      throw new FailureError(ownFailure('The server took too long to answer', detail));
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}

/**
 * Has CDI look for a new image at once. It does so by itself at the time of an annotation, but asks
 * registries by jobs of its own, the first of which comes with the cron: so that one is made anew.
 */
export async function importNow(row: ImportCronRow): Promise<void> {
  if (row.url !== '') return importScheduleSet(row, row.schedule);
  const annotations = { [nextTimeAnnotation]: new Date(0).toISOString() };
  await kubernetesRequest(resourcePath(dataImportCrons, row), {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations } },
  });
}

/** Gives a cron another schedule: CDI lets nothing be changed in it, so another one takes its place. */
export async function importScheduleSet(cron: CronRef, schedule: string): Promise<void> {
  const path = resourcePath(dataImportCrons, cron);
  // The parse boundary: of the kind that was asked for.
  const found = (await kubernetesRequest(path)) as DataImportCron;
  const next = replacement(found, schedule);
  const collection = resourcePath(dataImportCrons, { namespace: cron.namespace });
  // A name that is taken is all that it may refuse.
  await kubernetesRequest(`${collection}?dryRun=All`, {
    method: 'POST',
    body: { ...next, metadata: { ...next.metadata, name: `${cron.name.slice(0, 55)}-check` } },
  });
  await importCronDelete(cron);
  await kubernetesRequest(collection, { method: 'POST', body: next });
}
