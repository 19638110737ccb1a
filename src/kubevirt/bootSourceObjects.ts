import { dataSources, dataVolumes } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';
import type { NewObject } from '~/kubevirt/create/draftObjects';
import { parseTypeKey } from '~/kubevirt/create/typeKey';

/** A boot source as a form has it. */
export interface NewBootSource {
  name: string;
  namespace: string;
  /** `https://...` or `docker://...`. */
  url: string;
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

/** The volume that the image is fetched into, and the DataSource that offers it. */
export function bootSourceObjects(values: NewBootSource): NewObject[] {
  const { name, namespace, url, bytes } = values;
  const labels = Object.fromEntries(
    Object.entries(defaultLabels(values)).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    ),
  );
  const apiVersion = 'cdi.kubevirt.io/v1beta1';
  const source = url.startsWith('docker://') ? { registry: { url } } : { http: { url } };
  return [
    {
      model: dataVolumes,
      object: {
        ...{ apiVersion, kind: 'DataVolume' },
        metadata: {
          name,
          namespace,
          labels,
          // Nothing but VMs made later would consume it.
          annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
        },
        ...{
          spec: { source, storage: { resources: { requests: { storage: toQuantity(bytes) } } } },
        },
      },
    },
    {
      model: dataSources,
      object: {
        ...{ apiVersion, kind: 'DataSource' },
        metadata: { name, namespace, labels },
        ...{ spec: { source: { pvc: { name, namespace } } } },
      },
    },
  ];
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
