import type { AggregatedGroup, AggregatedRoute } from '../AggregatedGroup.ts';

export interface RouteMatch {
  readonly route: AggregatedRoute;
  readonly params: Readonly<Record<string, string>>;
  /** The plain segments after `:name`, e.g. `vnc/screenshot`. */
  readonly suffix: string;
}

interface CompiledRoute {
  readonly route: AggregatedRoute;
  readonly pattern: RegExp;
  readonly plainSegments: number;
  readonly suffix: string;
}

/** Finds the handlers of aggregated groups. */
export class RouteTable {
  private readonly groups = new Map<string, CompiledRoute[]>();

  constructor(groups: readonly AggregatedGroup[]) {
    for (const { group, version, routes } of groups) {
      const key = `${group}/${version}`;
      const compiled = [...(this.groups.get(key) ?? []), ...routes.map(compile)];
      // With more plain segments a route is more specific.
      compiled.sort((a, b) => b.plainSegments - a.plainSegments);
      this.groups.set(key, compiled);
    }
  }

  has(group: string, version: string): boolean {
    return this.groups.has(`${group}/${version}`);
  }

  /** `path` is below the group version. A WebSocket route also answers a plain GET. */
  find(group: string, version: string, method: string, path: string): RouteMatch[] {
    const matches: RouteMatch[] = [];
    for (const { route, pattern, suffix } of this.groups.get(`${group}/${version}`) ?? []) {
      const isMethod = route.method === 'WEBSOCKET' ? method === 'GET' : route.method === method;
      const match = isMethod ? pattern.exec(path) : null;
      if (match !== null) matches.push({ route, params: decoded(match.groups ?? {}), suffix });
    }
    return matches;
  }

  /** Is the path served by any method? */
  knows(group: string, version: string, path: string): boolean {
    const routes = this.groups.get(`${group}/${version}`) ?? [];
    return routes.some(({ pattern }) => pattern.test(path));
  }
}

function compile(route: AggregatedRoute): CompiledRoute {
  const segments = route.path.split('/').filter((segment) => segment !== '');
  const source = segments
    .map((segment) => {
      if (segment.startsWith(':')) return `/(?<${segment.slice(1)}>[^/]+)`;
      if (segment.startsWith('*')) return `(?:/(?<${segment.slice(1)}>.*))?`;
      return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    })
    .join('');
  const afterName = segments.slice(segments.indexOf(':name') + 1);
  const isPlain = (segment: string) => !/^[:*]/.test(segment);
  return {
    route,
    pattern: new RegExp(`^${source}/?$`),
    plainSegments: segments.filter(isPlain).length,
    suffix: segments.includes(':name') ? afterName.filter(isPlain).join('/') : '',
  };
}

function decoded(groups: Record<string, string | undefined>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (value !== undefined) params[name] = decodeURIComponent(value);
  }
  return params;
}
