import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { apiVersion, dataImportCrons } from '~/k8s/models';

/** What is kept of a DataImportCron, which keeps a boot source up to date. */
export interface ImportCronRow {
  namespace: string;
  name: string;
  /** `namespace/name` of the DataSource. */
  source: string;
  /** In cron's five fields, UTC; empty when nothing asks by itself. */
  schedule: string;
  /** Where it imports from, as far as that is an address. */
  url: string;
  /** ISO 8601; empty before the first. */
  lastImport: string;
  /** When the source was asked last and will be asked next, ISO 8601; empty where CDI does not say. */
  lastAsked: string;
  nextAsked: string;
  /** Why it is not up to date, in CDI's words; empty when it is. */
  problem: string;
  /** Its images go with it. */
  takesImages: boolean;
  /** Who makes it again when it is deleted; empty when nobody is known to. */
  manager: string;
}

export interface DataImportCron extends KubernetesObject {
  spec?: {
    schedule?: string;
    managedDataSource?: string;
    retentionPolicy?: string;
    template?: { spec?: { source?: { registry?: { url?: string }; pvc?: unknown } } };
  };
  status?: {
    lastImportTimestamp?: string | null;
    lastExecutionTimestamp?: string | null;
    conditions?: { type: string; status: string; message?: string; reason?: string }[];
  };
}

/**
 * When a source is asked next; a time that has passed asks now
 * (CDI pkg/controller/dataimportcron-controller.go at c07cdb6).
 */
export const nextTimeAnnotation = 'cdi.kubevirt.io/storage.import.nextCronTime';
const importPrefix = 'cdi.kubevirt.io/storage.import.';

export function toImportCronRow({ metadata, spec, status }: DataImportCron): ImportCronRow {
  const { name = '', namespace = '', labels, annotations } = metadata ?? {};
  const condition = status?.conditions?.find(({ type }) => type === 'UpToDate');
  const owner = ownerOf(metadata);
  return {
    ...{ namespace, name },
    source: `${namespace}/${spec?.managedDataSource ?? ''}`,
    schedule: spec?.schedule ?? '',
    url: spec?.template?.spec?.source?.registry?.url ?? '',
    lastImport: status?.lastImportTimestamp ?? '',
    lastAsked: status?.lastExecutionTimestamp ?? '',
    nextAsked: annotations?.[nextTimeAnnotation] ?? '',
    problem:
      condition === undefined || condition.status === 'True'
        ? ''
        : (condition.message ?? condition.reason ?? ''),
    takesImages: spec?.retentionPolicy === 'None',
    manager: labels?.['app.kubernetes.io/managed-by'] ?? owner,
  };
}

function ownerOf(metadata: KubernetesObject['metadata']): string {
  const owners: unknown = (metadata as { ownerReferences?: unknown } | undefined)?.ownerReferences;
  const first: unknown = Array.isArray(owners) ? owners[0] : undefined;
  return isRecord(first) ? `${String(first['kind'])} ${String(first['name'])}` : '';
}

/**
 * The cron to be made in place of this one: CDI lets nothing of a spec be changed. Its bookkeeping goes,
 * so that the source is asked at once.
 */
export function replacement(cron: DataImportCron, schedule: string): DataImportCron {
  const { name = '', namespace, labels, annotations = {} } = cron.metadata ?? {};
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith(importPrefix));
  return {
    apiVersion: apiVersion(dataImportCrons),
    kind: dataImportCrons.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
    spec: { ...cron.spec, schedule },
  };
}

/** Whether a text has cron's five fields; what they say is checked by CDI. */
export function isSchedule(text: string): boolean {
  return /^\s*(?:[\d*,/-]+\s+){2}[\d*,/\-A-Za-z?]+\s+[\d*,/\-A-Za-z?]+\s+[\d*,/\-A-Za-z?]+\s*$/.test(
    text,
  );
}
