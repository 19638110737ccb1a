import type { DataVolume } from '../../../cdi/resources.ts';
import type { Draft, KubeObject, ObjectKey } from '../../../client/KubeClient.ts';
import type { Secret } from '../../../client/resources.ts';
import type { VirtualMachine } from '../../resources.ts';
import { withClaims } from '../snapshot/restoredVm.ts';
import type { Exported } from './ExportSources.ts';
import { type ExportLinks, tokenHeader } from './resources.ts';

type Link = NonNullable<ExportLinks['external']>;

/** Name of the secret with the header by which the DataVolumes of the manifests import. */
const headerSecretOf = ({ name }: ObjectKey) => `header-secret-${name}`;

/**
 * The VM and its disks as objects for another cluster, which imports the disks from `link`. `size`: a
 * quantity, by the name of the volume. KubeVirt: pkg/virt-exportserver (d923fdb).
 */
export function exportManifests(
  key: ObjectKey,
  { vm }: Exported,
  link: Link,
  size: (volume: string) => string,
): { apiVersion: 'v1'; kind: 'List'; items: object[] } {
  if (!vm) return { apiVersion: 'v1', kind: 'List', items: [] };
  const { source, volumeOf } = vm;
  const names = new Set(volumeOf.values());
  const disks = (link.volumes ?? []).flatMap(({ name, formats = [] }): Draft<DataVolume>[] => {
    const url = formats.find(({ format }) => format === 'gzip')?.url;
    if (url === undefined || !names.has(name)) return [];
    return [
      {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataVolume',
        metadata: { name },
        spec: {
          source: { http: { url, secretExtraHeaders: [headerSecretOf(key)] } },
          storage: { resources: { requests: { storage: size(name) } } },
        },
      },
    ];
  });
  return { apiVersion: 'v1', kind: 'List', items: [machine(source, volumeOf), ...disks] };
}

function machine(
  { metadata, spec }: Pick<VirtualMachine, 'metadata' | 'spec'>,
  volumeOf: ReadonlyMap<string, string>,
): Draft<VirtualMachine> {
  const made = withClaims(spec, volumeOf);
  delete made.dataVolumeTemplates;
  for (const volume of made.template.spec?.volumes ?? []) {
    const name = volumeOf.get(volume.name);
    if (name === undefined) continue;
    delete volume.persistentVolumeClaim;
    volume.dataVolume = { name };
  }
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: metadata.name,
      ...(metadata.labels && { labels: metadata.labels }),
      ...(metadata.annotations && { annotations: metadata.annotations }),
    },
    spec: made,
  };
}

/** The secret that the DataVolumes of the manifests name. */
export function headerSecret(key: ObjectKey, token: string): Draft<Secret & KubeObject> {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: headerSecretOf(key) },
    data: { token: Buffer.from(`${tokenHeader}:${token}`).toString('base64') },
  };
}
