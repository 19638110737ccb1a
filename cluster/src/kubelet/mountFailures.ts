import { stat } from 'node:fs/promises';

import { hasReason } from '../apiserver/ApiError.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { configMaps, type Pod, secrets, type Volume } from '../client/resources.ts';

/**
 * What keeps volumes of a pod from being set up, in the kubelet's words: Secrets, ConfigMaps and folders that are not
 * there and must be. Source: Kubernetes pkg/volume/secret, pkg/volume/configmap, pkg/volume/util/operationexecutor (1.33).
 */
export async function mountFailures(pod: Pod, client: KubeClient): Promise<string[]> {
  const failures: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const problem =
      (await missingSource(volume, pod.metadata.namespace ?? '', client)) ??
      (await wrongPath(volume));
    if (problem !== undefined) {
      failures.push(`MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`);
    }
  }
  return failures;
}

async function missingSource(
  { secret, configMap }: Volume,
  namespace: string,
  client: KubeClient,
): Promise<string | undefined> {
  if (secret && secret.optional !== true) {
    const { secretName: name = '' } = secret;
    if (await isMissing(client.get(secrets, { namespace, name })))
      return `secret "${name}" not found`;
  }
  if (configMap && configMap.optional !== true) {
    const { name = '' } = configMap;
    if (await isMissing(client.get(configMaps, { namespace, name })))
      return `configmap "${name}" not found`;
  }
  return undefined;
}

/** Source: pkg/volume/hostpath (1.33). */
async function wrongPath({ hostPath }: Volume): Promise<string | undefined> {
  if (hostPath?.type !== 'Directory') return undefined;
  const isThere = await stat(hostPath.path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isThere ? undefined : `hostPath type check failed: ${hostPath.path} is not a directory`;
}

async function isMissing(read: Promise<unknown>): Promise<boolean> {
  try {
    await read;
    return false;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return true;
    throw error;
  }
}
