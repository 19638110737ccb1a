import { kubernetesStream } from '~/console/http';
import { pods, resourcePath } from '~/k8s/models';

export interface LogSource {
  namespace: string;
  pod: string;
  container: string;
}

/**
 * Follows a container's log from its last `tailLines` lines on, until it ends or `signal` is
 * aborted. Rejects with what `toFailure` understands.
 */
export async function podLogFollow(
  { namespace, pod, container }: LogSource,
  { tailLines, signal }: { tailLines: number; signal: AbortSignal },
  onText: (text: string) => void,
): Promise<void> {
  const path = resourcePath(pods, { namespace, name: pod, subresource: 'log' });
  const query = new URLSearchParams({ container, follow: 'true', tailLines: `${tailLines}` });
  await kubernetesStream(`${path}?${query.toString()}`, signal, onText);
}
