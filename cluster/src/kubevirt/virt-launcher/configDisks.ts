import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachineInstance } from '../resources.ts';
import { type ConfigSources, unlessMissing } from './ConfigSources.ts';
import { writeIsoImage } from './writeIsoImage.ts';

/** What a disk of objects of the cluster is called unless its volume says so (pkg/config, d923fdb). */
export const configLabel = 'cfgdata';

/**
 * Writes the image of a volume that gives the guest objects of the cluster as files: Secret, ConfigMap,
 * downward API, sysprep. False for any other volume. KubeVirt: pkg/config (d923fdb).
 */
export async function writeConfigDisk(
  image: string,
  vmi: VirtualMachineInstance,
  volume: V1Volume,
  sources: ConfigSources,
): Promise<boolean> {
  const { namespace } = vmi.metadata;
  const { secret, configMap, downwardAPI, sysprep } = volume;
  const write = async (label: string | undefined, files: Record<string, string | Buffer>) => {
    await writeIsoImage(image, label ?? configLabel, files);
    return true;
  };
  if (secret) {
    const read = sources.secret(namespace, secret.secretName ?? '');
    return write(secret.volumeLabel, await unlessMissing(secret.optional, read));
  }
  if (configMap) {
    const read = sources.configMap(namespace, configMap.name ?? '');
    return write(configMap.volumeLabel, await unlessMissing(configMap.optional, read));
  }
  if (downwardAPI) {
    const files: Record<string, string> = {};
    for (const { path, fieldRef } of downwardAPI.fields ?? []) {
      files[path] = fieldOf(vmi, fieldRef?.fieldPath ?? '');
    }
    return write(downwardAPI.volumeLabel, files);
  }
  if (sysprep) {
    const files = sysprep.secret
      ? await sources.secret(namespace, sysprep.secret.name ?? '')
      : await sources.configMap(namespace, sysprep.configMap?.name ?? '');
    const wanted = ['autounattend.xml', 'unattend.xml'];
    if (!Object.keys(files).some((name) => wanted.includes(name.toLowerCase()))) {
      throw new Error(
        'Sysprep drive should contain autounattend.xml or unattend.xml but neither were found.',
      );
    }
    return write('unattendCD', files);
  }
  return false;
}

/** A field of the launcher pod's metadata as the downward API writes it. */
function fieldOf({ metadata }: VirtualMachineInstance, path: string): string {
  const map = (values: Record<string, string> | undefined) =>
    Object.entries(values ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  switch (path) {
    case 'metadata.labels':
      return map(metadata.labels);
    case 'metadata.annotations':
      return map(metadata.annotations);
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    default: {
      const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
      const values = kind === 'labels' ? metadata.labels : metadata.annotations;
      if (kind === undefined) throw new Error(`downward API has no field ${path} here`);
      return values?.[key] ?? '';
    }
  }
}
