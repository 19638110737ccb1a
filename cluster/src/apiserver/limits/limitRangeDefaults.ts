import type { Container, LimitRange, Pod, ResourceList } from '../../client/resources.ts';

/** The LimitRanger's annotation: which values of a pod it has filled in. */
const annotation = 'kubernetes.io/limit-ranger';

/**
 * Fills in the requests and limits that the containers of a new pod leave open. Kubernetes:
 * plugin/pkg/admission/limitranger (1.33).
 */
export function setLimitRangeDefaults(pod: Pod, ranges: readonly LimitRange[]): void {
  const items = ranges
    .flatMap(({ spec }) => spec.limits)
    .filter(({ type }) => type === 'Container');
  const requests = Object.assign({}, ...items.map((item) => item.defaultRequest)) as ResourceList;
  const limits = Object.assign({}, ...items.map((item) => item.default)) as ResourceList;
  const told = [
    ...pod.spec.containers.flatMap((one) => fill(one, 'container', requests, limits)),
    ...(pod.spec.initContainers ?? []).flatMap((one) =>
      fill(one, 'init container', requests, limits),
    ),
  ];
  if (told.length === 0) return;
  const text = `LimitRanger plugin set: ${told.join('; ')}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: text };
}

function fill(
  container: Container,
  kind: string,
  requests: ResourceList,
  limits: ResourceList,
): string[] {
  const absent = (wanted: ResourceList, given: ResourceList = {}) =>
    Object.keys(wanted).filter((name) => given[name] === undefined);
  const resources = container.resources ?? {};
  const newLimits = absent(limits, resources.limits);
  // A limit that the container gives itself is its request too.
  const newRequests = absent(requests, { ...resources.limits, ...resources.requests });
  const setTexts = (names: readonly string[], what: string) =>
    names.length === 0
      ? []
      : [`${[...names].sort().join(', ')} ${what} for ${kind} ${container.name}`];
  if (newLimits.length === 0 && newRequests.length === 0) return [];
  container.resources = {
    ...resources,
    ...(newRequests.length > 0 && { requests: { ...requests, ...resources.requests } }),
    ...(newLimits.length > 0 && { limits: { ...limits, ...resources.limits } }),
  };
  return [...setTexts(newRequests, 'request'), ...setTexts(newLimits, 'limit')];
}

/** A LimitRange completes itself: a limit is the largest allowed, a request the default limit. */
export function completeLimitRange({ spec }: LimitRange): void {
  for (const item of spec.limits) {
    if (item.type !== 'Container') continue;
    item.default = { ...item.max, ...item.default };
    item.defaultRequest = { ...item.default, ...item.min, ...item.defaultRequest };
    if (Object.keys(item.default).length === 0) delete item.default;
    if (Object.keys(item.defaultRequest).length === 0) delete item.defaultRequest;
  }
}
