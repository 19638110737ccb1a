import { FailureError, ownFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { WatchTarget } from '~/k8s/WatchTarget';
import type { WatchTransport } from '~/k8s/WatchTransport';

type ListPage = {
  items: KubernetesObject[];
  resourceVersion: string;
  continueToken: string | undefined;
};

/** An answer that is not what was asked for. */
export function notUnderstood(detail: string): FailureError {
  return new FailureError(ownFailure('The server answered in an unexpected way', detail));
}

/** The query of a request for a collection; what is undefined is left out. */
export function collectionPath(
  { path, labelSelector, fieldSelector }: WatchTarget,
  parameters: Record<string, string | undefined>,
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...parameters, labelSelector, fieldSelector })) {
    if (value !== undefined) query.set(key, value);
  }
  return `${path}?${query.toString()}`;
}

type Page = { limit: number; token: string | undefined; signal: AbortSignal };

/** One page of a collection. */
export async function listPage(
  transport: WatchTransport,
  target: WatchTarget,
  { limit, token, signal }: Page,
): Promise<ListPage> {
  const path = collectionPath(target, { limit: `${limit}`, continue: token });
  return parseList(await transport.fetchJson(path, signal));
}

function parseList(body: unknown): ListPage {
  if (!isRecord(body) || !('items' in body)) {
    throw notUnderstood('A list was asked for, and the answer has no items.');
  }
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  const { resourceVersion, continue: continueToken } = metadata;
  return {
    // Go writes an empty list as null. The parse boundary: the API server keeps to its schema.
    items: (body['items'] ?? []) as KubernetesObject[],
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
    continueToken:
      typeof continueToken === 'string' && continueToken !== '' ? continueToken : undefined,
  };
}
