import type { KubeClient } from './KubeClient.ts';
import { type SubjectAccessReview, subjectAccessReviews } from './resources.ts';

/** May the user do this? Asked of the API server (SubjectAccessReview). */
export async function isAllowed(
  client: KubeClient,
  { username, groups }: { readonly username: string; readonly groups: readonly string[] },
  resourceAttributes: SubjectAccessReview['spec']['resourceAttributes'],
): Promise<boolean> {
  const { status } = await client.create(subjectAccessReviews, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: { user: username, groups: [...groups], resourceAttributes },
  });
  return status?.allowed === true;
}
