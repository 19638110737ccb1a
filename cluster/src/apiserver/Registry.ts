import { qualifiedResource } from './ApiError.ts';
import type { ResourceDefinition } from './ResourceDefinition.ts';

/** Which resources are served. */
export class Registry {
  private readonly byPath = new Map<string, ResourceDefinition>();

  constructor(readonly resources: readonly ResourceDefinition[]) {
    for (const resource of resources) {
      for (const version of resource.versions) {
        if (version.served === false) continue;
        const path = pathOf(resource.group, version.name, resource.plural);
        if (this.byPath.has(path)) throw new Error(`resource ${path} is defined twice`);
        this.byPath.set(path, resource);
      }
    }
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.byPath.get(pathOf(group, version, plural));
  }

  /** Served versions by group, the stored one first; the core group is ''. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const resource of this.resources) {
      const versions = groups.get(resource.group) ?? [];
      groups.set(resource.group, versions);
      const served = resource.versions.filter((version) => version.served !== false);
      served.sort((a, b) => Number(b.storage === true) - Number(a.storage === true));
      for (const { name } of served) if (!versions.includes(name)) versions.push(name);
    }
    return groups;
  }

  inVersion(group: string, version: string): ResourceDefinition[] {
    return this.resources.filter(
      (resource) =>
        resource.group === group &&
        resource.versions.some((v) => v.name === version && v.served !== false),
    );
  }
}

function pathOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

/** The name under which the store keeps a resource. */
export function storeKey(resource: ResourceDefinition): string {
  return qualifiedResource(resource);
}
