import { hasReason } from '../apiserver/ApiError.ts';
import type { Draft, KubeClient, KubeObject, ResourceRef } from './KubeClient.ts';

/** Creates the object unless one of its name exists, which is left as it is. */
export async function ensure<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  draft: Draft<T>,
): Promise<void> {
  try {
    await client.create(resource, draft);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}
