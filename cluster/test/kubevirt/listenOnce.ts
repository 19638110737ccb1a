import type { ApiServer } from '../../src/apiserver/createApiServer.ts';

const opened = new WeakMap<ApiServer, ReturnType<ApiServer['listen']>>();

/** Opens the TLS endpoint of a server, which the control plane of the same test may have opened before. */
export function listenOnce(api: ApiServer): ReturnType<ApiServer['listen']> {
  const before = opened.get(api);
  if (before) return before;
  const opening = api.listen({ port: 0 });
  opened.set(api, opening);
  return opening;
}
