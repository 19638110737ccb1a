import { qualifiedResource } from './ApiError.ts';
import { compareVersions } from './compareVersions.ts';
import type { ResourceDefinition } from './ResourceDefinition.ts';

/** Which resources are served: those of the program itself, and those that users define. */
export class Registry {
  private readonly byPath = new Map<string, ResourceDefinition>();
  private readonly byName = new Map<string, ResourceDefinition>();
  private readonly fixed: ReadonlySet<string>;
  private changes = 0;

  constructor(resources: readonly ResourceDefinition[]) {
    for (const resource of resources) {
      if (this.byName.has(qualifiedResource(resource))) {
        throw new Error(`resource ${qualifiedResource(resource)} is defined twice`);
      }
      this.register(resource);
    }
    this.fixed = new Set(this.byName.keys());
  }

  get resources(): readonly ResourceDefinition[] {
    return [...this.byName.values()];
  }

  /** Grows when a resource comes, changes or goes. */
  get revision(): number {
    return this.changes;
  }

  /** Is the resource (`boats.sea.example.com`) part of the program? */
  isFixed(name: string): boolean {
    return this.fixed.has(name);
  }

  /** Serves a resource, in place of the one that had its name. */
  register(resource: ResourceDefinition): void {
    this.unregister(qualifiedResource(resource));
    this.byName.set(qualifiedResource(resource), resource);
    for (const version of resource.versions) {
      if (version.served === false) continue;
      this.byPath.set(pathOf(resource.group, version.name, resource.plural), resource);
    }
  }

  unregister(name: string): void {
    this.changes += 1;
    const resource = this.byName.get(name);
    if (resource === undefined) return;
    this.byName.delete(name);
    for (const version of resource.versions) {
      this.byPath.delete(pathOf(resource.group, version.name, resource.plural));
    }
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.byPath.get(pathOf(group, version, plural));
  }

  /** Served versions by group, the preferred one first; the core group is ''. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const resource of this.byName.values()) {
      const served = resource.versions.filter((version) => version.served !== false);
      if (served.length === 0) continue;
      const versions = groups.get(resource.group) ?? [];
      groups.set(resource.group, versions);
      for (const { name } of served) if (!versions.includes(name)) versions.push(name);
    }
    for (const versions of groups.values()) versions.sort(compareVersions);
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
  return resource.storedAs?.resource ?? qualifiedResource(resource);
}
