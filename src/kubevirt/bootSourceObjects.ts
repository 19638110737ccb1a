import { dataImportCrons, dataSources, dataVolumes } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';
import type { NewObject } from '~/kubevirt/create/NewObject';
import { parseTypeKey } from '~/kubevirt/create/typeKey';

/** Where the image of a boot source comes from. */
export type BootSourceOrigin =
  /** `https://...` or `docker://...`, fetched once. */
  | { kind: 'url'; url: string }
  /** `docker://...`, fetched again by a schedule of cron when there is another image. */
  | { kind: 'cron'; url: string; schedule: string }
  /** Of this computer. */
  | { kind: 'upload' }
  /** A claim, which is copied. */
  | { kind: 'claim'; namespace: string; name: string }
  /** A VolumeSnapshot, which is used where it is. */
  | { kind: 'snapshot'; namespace: string; name: string };

/** A boot source as a form has it. */
export interface NewBootSource {
  name: string;
  namespace: string;
  source: BootSourceOrigin;
  bytes: number;
  /** `Kind/name`; empty for none. */
  instancetype: string;
  preference: string;
}

const group = 'instancetype.kubevirt.io';

/**
 * The labels by which a boot source names the instance type and the preference that suit it (KubeVirt
 * api/instancetype/register.go at d923fdb); null where it names none, for a merge patch.
 */
export function defaultLabels(
  defaults: Pick<NewBootSource, 'instancetype' | 'preference'>,
): Record<string, string | null> {
  const labels: Record<string, string | null> = {};
  for (const what of ['instancetype', 'preference'] as const) {
    const { kind, name } = parseTypeKey(defaults[what]);
    labels[`${group}/default-${what}`] = name === '' ? null : name;
    labels[`${group}/default-${what}-kind`] = name === '' ? null : kind;
  }
  return labels;
}

const apiVersion = 'cdi.kubevirt.io/v1beta1';

/** What makes a boot source: the volume that its image is brought into, and the DataSource that offers it. */
export function bootSourceObjects(values: NewBootSource): NewObject[] {
  const { name, namespace, source, bytes } = values;
  const labels = Object.fromEntries(
    Object.entries(defaultLabels(values)).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    ),
  );
  // A snapshot can only be read where it is.
  const content = source.kind === 'snapshot' ? snapshotOf(source) : { pvc: { name, namespace } };
  const offer: NewObject = {
    model: dataSources,
    object: {
      ...{ apiVersion, kind: 'DataSource' },
      metadata: { name, namespace, labels },
      ...{ spec: { source: content } },
    },
  };
  const storage = { resources: { requests: { storage: toQuantity(bytes) } } };
  switch (source.kind) {
    case 'upload':
    case 'snapshot':
      return [offer];
    case 'cron':
      return [cronOf(values, labels, { source: { registry: { url: source.url } }, storage })];
    case 'url':
    case 'claim':
      return [
        {
          model: dataVolumes,
          object: {
            ...{ apiVersion, kind: 'DataVolume' },
            metadata: {
              ...{ name, namespace, labels },
              // Nothing but VMs made later would consume it.
              annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
            },
            ...{ spec: { source: dataVolumeSource(source), storage } },
          },
        },
        offer,
      ];
  }
}

function snapshotOf({ namespace, name }: { namespace: string; name: string }) {
  return { snapshot: { namespace, name } };
}

function dataVolumeSource(source: Extract<BootSourceOrigin, { kind: 'url' | 'claim' }>) {
  if (source.kind === 'claim') return { pvc: { namespace: source.namespace, name: source.name } };
  const { url } = source;
  return url.startsWith('docker://') ? { registry: { url } } : { http: { url } };
}

/** It makes the DataSource itself, with its labels. */
function cronOf(
  { name, namespace, source }: NewBootSource,
  labels: Record<string, string>,
  spec: object,
): NewObject {
  const schedule = source.kind === 'cron' ? source.schedule : '';
  return {
    model: dataImportCrons,
    object: {
      ...{ apiVersion, kind: dataImportCrons.kind },
      metadata: {
        ...{ name, namespace, labels },
        annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
      },
      ...{
        spec: { schedule, managedDataSource: name, garbageCollect: 'Outdated', template: { spec } },
      },
    },
  };
}

/** The boot sources that the disks of a VM were made from, as `namespace/name`. */
export function bootSourcesOf(vm: {
  metadata?: { namespace?: string; name?: string };
  spec?: {
    dataVolumeTemplates?: {
      spec?: { sourceRef?: { kind?: string; namespace?: string; name?: string } };
    }[];
  };
}): { vm: string; sources: readonly string[] } {
  const { namespace = '', name = '' } = vm.metadata ?? {};
  const sources = (vm.spec?.dataVolumeTemplates ?? []).flatMap(({ spec }) => {
    const ref = spec?.sourceRef;
    return ref?.kind === 'DataSource' ? [`${ref.namespace ?? namespace}/${ref.name ?? ''}`] : [];
  });
  return { vm: `${namespace}/${name}`, sources };
}
