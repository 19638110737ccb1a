import type { AggregatedGroup, AggregatedRoute } from '../apiserver/AggregatedGroup.ts';
import { ApiError } from '../apiserver/ApiError.ts';
import type { ApiRequest } from '../apiserver/ResourceDefinition.ts';
import { messageOf } from '../client/messageOf.ts';
import type { ComponentLog } from './ComponentLogs.ts';

/**
 * An aggregated group whose server logs what it is asked and answers (pkg/virt-api/rest/filter, d923fdb), but
 * for what anybody asks all the time.
 */
export function loggedGroup(group: AggregatedGroup, log: ComponentLog): AggregatedGroup {
  const routes = group.routes.map((route) => (route.anyUser ? route : loggedRoute(route, log)));
  return { ...group, routes };
}

function loggedRoute(route: AggregatedRoute, log: ComponentLog): AggregatedRoute {
  if (route.method === 'WEBSOCKET') {
    const { upgrade } = route;
    return {
      ...route,
      upgrade: (request) =>
        logged(
          log,
          request,
          () => upgrade(request),
          () => (request.isUpgrade ? 101 : 400),
        ),
    };
  }
  const { handler } = route;
  return {
    ...route,
    handler: (request) =>
      logged(
        log,
        request,
        () => handler(request),
        ({ code }) => code,
      ),
  };
}

async function logged<T>(
  log: ComponentLog,
  { method, path, user: { username } }: ApiRequest,
  answer: () => T | Promise<T>,
  codeOf: (reply: T) => number,
): Promise<T> {
  const fields = { method, url: path, username };
  try {
    const reply = await answer();
    log.info('request', { ...fields, statusCode: codeOf(reply) });
    return reply;
  } catch (error) {
    const statusCode = error instanceof ApiError ? error.status.code : 500;
    const message = messageOf(error);
    log.error(message, { ...fields, statusCode });
    throw error;
  }
}
