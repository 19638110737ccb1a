import type { Draft, ObjectKey } from '../../client/KubeClient.ts';
import { annotations } from '../claims.ts';
import type { DataImportCron, DataSource, DataVolume } from '../resources.ts';

const importPrefix = 'cdi.kubevirt.io/storage.import.';

/** Annotations of DataImportCrons and of what they import (pkg/controller/dataimportcron-controller.go, c07cdb6). */
export const cronAnnotations = {
  /** The digest that the source has, `sha256:...` or `uid:...`. */
  desiredDigest: `${importPrefix}sourceDesiredDigest`,
  /** When the source is looked at next; a time that has passed asks for it now. */
  nextTime: `${importPrefix}nextCronTime`,
  lastTime: `${importPrefix}lastCronTime`,
  lastUseTime: `${importPrefix}lastUseTime`,
  storageClass: `${importPrefix}storageClass`,
  /** On snapshots that are kept: what a claim made from one should be like. */
  restoreSize: `${importPrefix}advisedRestoreSize`,
  volumeMode: `${importPrefix}sourceVolumeMode`,
} as const;

/** Names the DataImportCron on everything that it made. */
export const cronLabel = 'cdi.kubevirt.io/dataImportCron';
/** On what goes together with its DataImportCron. */
const cleanupLabel = 'cdi.kubevirt.io/dataImportCronCleanup';

type Labels = Record<string, string>;

/** Labels that CDI hands on (pkg/controller/common/util.go, CopyAllowedLabels). */
const handedOn = /^([\w.]+\.kubevirt\.io|kubevirt\.io)\/[\w-]+$/;

export function handedOnLabels(labels: Labels | undefined): Labels {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => handedOn.test(name)));
}

/** The labels of everything that a cron makes. */
export function cronLabels({ metadata, spec }: DataImportCron): Labels {
  return {
    app: 'containerized-data-importer',
    ...handedOnLabels(metadata.labels),
    [cronLabel]: metadata.name,
    ...(spec.retentionPolicy === 'None' && { [cleanupLabel]: 'true' }),
  };
}

export const goesWithItsCron = (labels: Labels | undefined) => labels?.[cleanupLabel] === 'true';

/** Name of the DataVolume for an image: the DataSource's and the digest's first twelve characters. */
export function importName(
  { managedDataSource }: Pick<DataImportCron['spec'], 'managedDataSource'>,
  digest: string,
): string {
  return `${managedDataSource}-${digest.replace(/^[^:]*:/, '').slice(0, 12)}`;
}

/** The DataVolume that imports the image of this digest, and no other one that the tag may name later. */
export function importDataVolume(
  cron: DataImportCron,
  digest: string,
  now: string,
): Draft<DataVolume> {
  const { source, ...spec } = cron.spec.template.spec;
  const { registry } = source ?? {};
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      ...importKey(cron, digest),
      labels: cronLabels(cron),
      annotations: {
        [annotations.bindImmediately]: 'true',
        [cronAnnotations.lastUseTime]: now,
      },
    },
    spec: {
      ...spec,
      source: registry?.url
        ? { registry: { ...registry, url: `${untagged(registry.url)}@${digest}` } }
        : (source ?? {}),
    },
  };
}

export function importKey({ metadata, spec }: DataImportCron, digest: string) {
  return { namespace: metadata.namespace ?? '', name: importName(spec, digest) };
}

/** A reference without its tag and digest; the port of a registry is followed by a path, and stays. */
const untagged = (url: string) => url.replace(/@.*$/, '').replace(/:[\w.-]+$/, '');

/** The DataSource that a cron keeps; it leads nowhere before the first import is there. */
export function managedDataSource(cron: DataImportCron): Draft<DataSource> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: { ...dataSourceKey(cron), labels: cronLabels(cron) },
    spec: { source: {} },
  };
}

export function dataSourceKey({
  metadata,
  spec,
}: DataImportCron): ObjectKey & { namespace: string } {
  return { namespace: metadata.namespace ?? '', name: spec.managedDataSource };
}
