import { hasReason } from '../apiserver/ApiError.ts';
import type { KubeClient, KubeObject, ObjectKey, ResourceRef } from './KubeClient.ts';

/** The object as it is stored now, which an informer may not have seen yet; undefined when there is none. */
export async function findNewest<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    return await client.get(resource, key);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
