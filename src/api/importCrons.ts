import { objectCreate, objectDelete, objectGet } from '~/api/objects';
import { useWatchList } from '~/api/useWatch';
import { callDryRun } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { rowsOf } from '~/k8s/Watched';
import { FailureError, ownFailure, toFailure } from '~/k8s/errors';
import { dataImportCrons, resourcePath } from '~/k8s/models';
import {
  type DataImportCron,
  type ImportCronRow,
  nextTimeAnnotation,
  replacement,
  toImportCronRow,
} from '~/kubevirt/importCrons';
import { createCall } from '~/kubevirt/vmCall';

type CronRef = Pick<ImportCronRow, 'namespace' | 'name'>;

/** The DataImportCrons that the user may see; none while they are not known. */
export function useImportCrons(namespace: string | undefined): readonly ImportCronRow[] {
  const watched = useWatchList({ model: dataImportCrons, namespace, toRow: toImportCronRow });
  return rowsOf(watched) ?? [];
}

const pollMs = 500;
const goneWithinMs = 60_000;

/** Deletes a cron and resolves once it is gone: until then CDI makes its DataSource again. */
export async function importCronDelete(cron: CronRef): Promise<void> {
  await objectDelete(dataImportCrons, cron);
  const end = Date.now() + goneWithinMs;
  for (;;) {
    try {
      await objectGet(dataImportCrons, cron);
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
  // The parse boundary: of the kind that was asked for.
  const found = (await objectGet(dataImportCrons, cron)) as DataImportCron;
  const next = replacement(found, schedule);
  // A name that is taken is all that it may refuse.
  const name = `${cron.name.slice(0, 55)}-check`;
  const check = { ...next, metadata: { ...next.metadata, name } };
  await callDryRun(createCall(dataImportCrons, check));
  await importCronDelete(cron);
  await objectCreate(dataImportCrons, next);
}
