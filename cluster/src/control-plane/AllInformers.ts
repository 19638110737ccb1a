import type { AnyInformer, Informer } from '../client/Informer.ts';
import type { KubeObject, ResourceRef } from '../client/KubeClient.ts';
import type { CustomResourceDefinition } from '../client/resources.ts';

type Started = Pick<Informer<KubeObject>, 'start' | 'close'>;

interface Parts {
  /** Those of what parts of the program look at. */
  readonly named: readonly (AnyInformer & Started)[];
  readonly definitions: Informer<CustomResourceDefinition>;
  /** Everything that the API serves at the moment. */
  readonly resources: () => readonly ResourceRef[];
  readonly make: (resource: ResourceRef) => Informer<KubeObject>;
}

type Listener = (informer: AnyInformer) => void;

/**
 * Informers of everything that the API serves, also of what users define while the program runs: for
 * controllers that treat all objects alike.
 */
export class AllInformers {
  private readonly others = new Map<string, Informer<KubeObject>>();
  private readonly known: ReadonlySet<string>;
  private readonly listeners: Listener[] = [];
  private started = false;

  constructor(private readonly parts: Parts) {
    this.known = new Set(parts.named.map(({ resource }) => nameOf(resource)));
    this.follow();
    parts.definitions.onChange(() => {
      this.follow();
    });
  }

  [Symbol.iterator](): Iterator<AnyInformer> {
    const { named } = this.parts;
    return [...named, ...this.others.values()].values();
  }

  /** The one of a resource of that group. */
  find(group: string, matches: (resource: ResourceRef) => boolean): AnyInformer | undefined {
    return [...this].find(({ resource }) => resource.group === group && matches(resource));
  }

  /** Calls the listener with each informer there is, and with each that comes later. */
  forEach(listener: Listener): void {
    this.listeners.push(listener);
    for (const informer of this) listener(informer);
  }

  /** Resolves when the first lists are in. */
  async start(): Promise<void> {
    this.started = true;
    const { named, definitions } = this.parts;
    const informers = [...named, definitions, ...this.others.values()];
    await Promise.all(informers.map((informer) => informer.start()));
  }

  close(): void {
    for (const informer of [...this.parts.named, this.parts.definitions]) informer.close();
    for (const informer of this.others.values()) informer.close();
  }

  /** Brings the informers to what is served: a resource may come, go, or be stored otherwise. */
  private follow(): void {
    const served = new Map(
      this.parts.resources().map((resource) => [nameOf(resource), resource] as const),
    );
    for (const [name, informer] of this.others) {
      if (served.get(name)?.version === informer.resource.version) continue;
      informer.close();
      this.others.delete(name);
    }
    for (const [name, resource] of served) {
      if (this.known.has(name) || this.others.has(name)) continue;
      const informer = this.parts.make(resource);
      this.others.set(name, informer);
      for (const listener of this.listeners) listener(informer);
      if (this.started) void informer.start();
    }
  }
}

function nameOf({ group, plural }: ResourceRef): string {
  return `${plural}.${group}`;
}
