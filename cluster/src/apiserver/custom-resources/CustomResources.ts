import { ApiError, hasReason } from '../ApiError.ts';
import type { ApiContext, NamedTarget, Target } from '../ApiContext.ts';
import { systemUser } from '../auth/UserInfo.ts';
import { cloneJson, fieldAt } from '../json.ts';
import { storeKey } from '../Registry.ts';
import { storageVersion, type ResourceDefinition } from '../ResourceDefinition.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import type { Change } from '../storage/WatchLog.ts';
import { deleteCollection } from '../verbs/deleteObject.ts';
import { modifyObject } from '../verbs/modifyObject.ts';
import { cleanupFinalizer, hasCondition, type DefinitionObject } from './DefinitionObject.ts';
import { definitionResourceName } from './definitionResource.ts';
import { conditionOf } from './namesStatus.ts';
import { toResourceDefinition } from './toResourceDefinition.ts';

/**
 * Serves what the stored CustomResourceDefinitions define, from the moment they are written, and
 * removes the objects of those that are deleted.
 */
export class CustomResources {
  private readonly cleaning = new Set<string>();
  /** What each definition said when its resource was last registered, by its name. */
  private readonly served = new Map<string, string>();
  private readonly stops = new Set<() => void>();
  private closed = false;

  constructor(
    private readonly context: ApiContext,
    private readonly log: (message: string) => void,
  ) {}

  /** Takes up the definitions that are stored and follows their changes. */
  start(): void {
    const { store } = this.context;
    const definitions = storeKey(this.definitions());
    for (const stored of store.list(definitions, undefined)) this.take(asDefinition(stored));
    const onChange = ({ type, current }: Change) => {
      const definition = asDefinition(current);
      if (type === 'DELETED') this.drop(definition);
      else this.take(definition);
    };
    this.stops.add(store.watchLog(definitions).listen(onChange));
  }

  close(): void {
    this.closed = true;
    for (const stop of this.stops) stop();
  }

  private take(definition: DefinitionObject): void {
    const { registry } = this.context;
    const { name, deletionTimestamp } = definition.metadata;
    if (registry.isFixed(name)) return;
    if (hasCondition(definition, 'Established')) this.serve(definition);
    if (deletionTimestamp === undefined || this.cleaning.has(name)) return;
    this.cleaning.add(name);
    this.run(() => this.clean(definition), `${name}: cannot remove its objects`);
  }

  /** Whoever watches asks again when what is served has changed. */
  private serve(definition: DefinitionObject): void {
    const { name } = definition.metadata;
    const terms = JSON.stringify([definition.spec, definition.status?.acceptedNames]);
    const before = this.served.get(name) ?? terms;
    this.served.set(name, terms);
    const resource = toResourceDefinition(definition, (...of) => this.serviceAddress(...of));
    this.context.registry.register(resource);
    if (before !== terms) this.context.store.watchLog(storeKey(resource)).end();
  }

  /** As kube-apiserver resolves it: kube-proxy passes on what comes to the cluster IP. */
  private serviceAddress(namespace: string, name: string): string {
    const stored = this.context.store.get('services', namespace, name);
    const address = fieldAt(stored?.object, ['spec', 'clusterIP']);
    if (stored === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
    if (typeof address === 'string' && address.startsWith('127.')) return address;
    throw new Error(`service ${JSON.stringify(name)} has no cluster IP`);
  }

  private drop(definition: DefinitionObject): void {
    const { name } = definition.metadata;
    if (this.context.registry.isFixed(name)) return;
    this.cleaning.delete(name);
    this.served.delete(name);
    this.context.registry.unregister(name);
    // The store knows resources by the names of their definitions.
    this.context.store.watchLog(name).end();
    this.run(() => this.giveNames(definition), `${name}: cannot give its names to others`);
  }

  /** Deletes all objects, waits for those that finalizers keep, then lets the definition go. */
  private async clean({ metadata, spec }: DefinitionObject): Promise<void> {
    const { context } = this;
    const { group = '', names = {}, versions = [] } = spec;
    const version = versions.find(({ served }) => served === true)?.name ?? '';
    const resource = context.registry.find(group, version, names.plural ?? '');
    await this.change(metadata.name, 'status', (definition) => {
      const terminating = conditionOf(
        'Terminating',
        'InstanceDeletionInProgress',
        'CustomResource deletion is in progress',
      );
      const others = (definition.status?.conditions ?? []).filter(
        ({ type }) => type !== 'Terminating',
      );
      definition.status = { ...definition.status, conditions: [...others, terminating] };
    });
    if (resource !== undefined) {
      await deleteCollection(context, this.target(resource), {}, {});
      await this.untilEmpty(resource);
    }
    await this.change(metadata.name, '', (definition) => {
      const left = definition.metadata.finalizers?.filter((one) => one !== cleanupFinalizer);
      definition.metadata.finalizers = left ?? [];
    });
  }

  private untilEmpty(resource: ResourceDefinition): Promise<void> {
    const { store } = this.context;
    const key = storeKey(resource);
    return new Promise((resolve) => {
      const check = () => {
        if (store.count(key) > 0) return;
        stop();
        this.stops.delete(stop);
        resolve();
      };
      const stop = store.watchLog(key).listen(check);
      this.stops.add(stop);
      check();
    });
  }

  /** Definitions of the group that lost a name to one that has gone now may get it. */
  private async giveNames(gone: DefinitionObject): Promise<void> {
    const { store } = this.context;
    for (const stored of store.list(storeKey(this.definitions()), undefined)) {
      const waiting = asDefinition(stored);
      if (waiting.spec.group !== gone.spec.group || hasCondition(waiting, 'NamesAccepted'))
        continue;
      // Admission works the names out anew at any write.
      await this.change(waiting.metadata.name, 'status', () => undefined);
    }
  }

  private async change(
    name: string,
    subresource: '' | 'status',
    edit: (definition: DefinitionObject) => void,
  ): Promise<void> {
    const target: NamedTarget = { ...this.target(this.definitions()), name, subresource };
    try {
      await modifyObject(this.context, target, {}, (current) => {
        const object = cloneJson(current);
        // The resource's own schema has let it in.
        edit(object as unknown as DefinitionObject);
        return { object };
      });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  private definitions(): ResourceDefinition {
    const { group, plural } = definitionResourceName;
    const resource = this.context.registry.find(group, 'v1', plural);
    if (resource === undefined) throw new Error(`${plural}.${group} is not served`);
    return resource;
  }

  private target(resource: ResourceDefinition): Target {
    return {
      resource,
      version: storageVersion(resource),
      namespace: undefined,
      user: systemUser,
      fieldManager: 'apiserver',
      warn: () => undefined,
    };
  }

  private run(task: () => Promise<void>, what: string): void {
    task().catch((error: unknown) => {
      if (this.closed) return;
      const text = error instanceof ApiError ? error.message : String(error);
      this.log(`customresourcedefinitions ${what}: ${text}`);
    });
  }
}

function asDefinition({ object }: StoredObject): DefinitionObject {
  return object as unknown as DefinitionObject;
}
