import type { AggregatedGroup, AggregatedResource } from '../AggregatedGroup.ts';
import type { Registry } from '../Registry.ts';
import {
  apiVersionOf,
  subresourcesOf,
  type ResourceDefinition,
  type Verb,
} from '../ResourceDefinition.ts';

/** One entry of an APIResourceList. */
export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly string[];
  shortNames?: readonly string[];
  categories?: readonly string[];
}

const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Tells clients what there is: `/api`, `/apis` and the resource lists below them. */
export class Discovery {
  /** Group, then version, then resources; the preferred version first. */
  private known = new Map<string, Map<string, ApiResource[]>>();
  private knownRevision = -1;

  constructor(
    private readonly registry: Registry,
    private readonly aggregated: readonly AggregatedGroup[],
    private readonly virtual: readonly AggregatedGroup[],
  ) {}

  /** Made anew when a resource has come or gone. */
  private get groups(): ReadonlyMap<string, Map<string, ApiResource[]>> {
    const { registry } = this;
    if (registry.revision === this.knownRevision) return this.known;
    this.known = new Map();
    this.knownRevision = registry.revision;
    for (const [group, versions] of registry.groups()) {
      for (const version of versions) {
        const resources = registry
          .inVersion(group, version)
          .flatMap((resource) => entries(resource, version));
        this.add(group, version, resources);
      }
    }
    for (const { group, version, resources } of [...this.virtual, ...this.aggregated]) {
      this.add(group, version, resources.map(aggregatedEntry));
    }
    return this.known;
  }

  /** All group versions, `v1` and `kubevirt.io/v1` alike. */
  groupVersions(): { group: string; version: string; resources: readonly ApiResource[] }[] {
    return [...this.groups].flatMap(([group, versions]) =>
      [...versions].map(([version, resources]) => ({ group, version, resources })),
    );
  }

  coreVersions(address: string): object {
    return {
      kind: 'APIVersions',
      versions: [...(this.groups.get('')?.keys() ?? [])],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
    };
  }

  groupList(): object {
    const groups = [...this.groups.keys()].filter((group) => group !== '');
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((g) => this.describe(g)) };
  }

  group(group: string): object | undefined {
    if (!this.groups.has(group)) return undefined;
    return { kind: 'APIGroup', apiVersion: 'v1', ...this.describe(group) };
  }

  resourceList(group: string, version: string): object | undefined {
    const resources = this.groups.get(group)?.get(version);
    if (resources === undefined) return undefined;
    return {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: apiVersionOf(group, version),
      resources,
    };
  }

  /** Everything below `/api` or `/apis` in one answer (apidiscovery.k8s.io/v2). */
  aggregatedDiscovery(core: boolean): object {
    const groups = [...this.groups].filter(([group]) => (group === '') === core);
    return {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: groups.map(([group, versions]) => ({
        metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
        versions: [...versions].map(([version, resources]) => ({
          version,
          freshness: 'Current',
          resources: nested(group, version, resources),
        })),
      })),
    };
  }

  private add(group: string, version: string, resources: readonly ApiResource[]): void {
    const versions = this.known.get(group) ?? new Map<string, ApiResource[]>();
    this.known.set(group, versions);
    versions.set(version, [...(versions.get(version) ?? []), ...resources]);
  }

  private describe(group: string): object {
    const versions = [...(this.groups.get(group)?.keys() ?? [])].map((version) => ({
      groupVersion: apiVersionOf(group, version),
      version,
    }));
    return { name: group, versions, preferredVersion: versions[0] };
  }
}

function entries(resource: ResourceDefinition, version: string): ApiResource[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = resource;
  const { status, scale } = subresourcesOf(resource, version);
  const sub = (name: string, verbs: readonly string[], more: Partial<ApiResource> = {}) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs,
    ...more,
  });
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: resource.verbs ?? allVerbs,
      ...(shortNames === undefined ? {} : { shortNames }),
      ...(categories?.length ? { categories } : {}),
    },
    ...(status ? [sub('status', ['get', 'patch', 'update'])] : []),
    ...(scale
      ? [
          sub('scale', ['get', 'patch', 'update'], {
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
          }),
        ]
      : []),
    ...(resource.finalizersPath ? [sub('finalize', ['update'])] : []),
    ...Object.entries(resource.connect ?? {}).map(([name, connect]) =>
      sub(name, connect.verbs, {
        ...(connect.kind !== undefined && { kind: connect.kind }),
        ...connect.groupVersion,
      }),
    ),
  ];
}

function aggregatedEntry(resource: AggregatedResource): ApiResource {
  const { name, singularName, namespaced, kind, verbs, group, version } = resource;
  return {
    name,
    singularName,
    namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind,
    verbs,
  };
}

/**
 * In the newer form subresources hang below their resource. Some aggregated groups have
 * subresources only; those get a resource without verbs to hang below.
 */
function nested(group: string, version: string, resources: readonly ApiResource[]): object[] {
  const responseKind = (resource: ApiResource) => ({
    group: resource.group ?? group,
    version: resource.version ?? version,
    kind: resource.kind,
  });
  const tops = new Map<string, { resource: ApiResource; subresources: object[] }>();
  for (const resource of resources) {
    const [top = '', ...rest] = resource.name.split('/');
    const known = tops.get(top) ?? {
      resource: { ...resource, name: top, verbs: [] },
      subresources: [],
    };
    tops.set(top, known);
    if (rest.length === 0) known.resource = resource;
    else {
      known.subresources.push({
        subresource: rest.join('/'),
        responseKind: responseKind(resource),
        verbs: resource.verbs,
      });
    }
  }
  return [...tops.values()].map(({ resource, subresources }) => ({
    resource: resource.name,
    responseKind: responseKind(resource),
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singularName,
    verbs: resource.verbs,
    ...(resource.shortNames === undefined ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories?.length ? { categories: resource.categories } : {}),
    ...(subresources.length === 0 ? {} : { subresources }),
  }));
}
