import { dirname } from 'node:path';

import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Volume } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { mountedClaim } from './templates.ts';

/**
 * The volumes of a launcher pod: the claims, Secrets and ConfigMaps that the guest's disks are made of, so that the
 * pod waits for those that are not there yet. KubeVirt: pkg/virt-controller/services/rendervolumes.go (d923fdb).
 */
export function launcherVolumes({ spec }: VirtualMachineInstance): Volume[] {
  const credentials = (spec.accessCredentials ?? []).flatMap(
    ({ sshPublicKey, userPassword }) =>
      sshPublicKey?.source.secret?.secretName ?? userPassword?.source.secret?.secretName ?? [],
  );
  return [
    ...(spec.volumes ?? []).flatMap(volumesOf),
    ...[...new Set(credentials)].map((name) => secretVolume(`${name}-access-cred`, name)),
  ];
}

function volumesOf(volume: V1Volume): Volume[] {
  const { name, secret, configMap, sysprep, hostDisk } = volume;
  const claimName = mountedClaim(volume);
  if (claimName !== undefined) return [{ name, persistentVolumeClaim: { claimName } }];
  if (hostDisk) {
    const type = hostDisk.type === 'DiskOrCreate' ? 'DirectoryOrCreate' : 'Directory';
    return [{ name, hostPath: { path: dirname(hostDisk.path), type } }];
  }
  if (volume.downwardMetrics) return [{ name, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }];
  if (secret) return [secretVolume(name, secret.secretName, secret.optional)];
  if (configMap) return [configMapVolume(name, configMap.name, configMap.optional)];
  if (sysprep?.secret) return [secretVolume(name, sysprep.secret.name)];
  if (sysprep?.configMap) return [configMapVolume(name, sysprep.configMap.name)];
  const cloudInit = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive;
  const { secretRef, networkDataSecretRef } = cloudInit ?? {};
  return [
    ...(secretRef ? [secretVolume(`${name}-udata`, secretRef.name)] : []),
    ...(networkDataSecretRef ? [secretVolume(`${name}-ndata`, networkDataSecretRef.name)] : []),
  ];
}

const secretVolume = (name: string, secretName = '', optional?: boolean): Volume => ({
  name,
  secret: { secretName, ...(optional !== undefined && { optional }) },
});

const configMapVolume = (name: string, source = '', optional?: boolean): Volume => ({
  name,
  configMap: { name: source, ...(optional !== undefined && { optional }) },
});
