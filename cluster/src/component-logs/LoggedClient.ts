import type {
  Draft,
  KubeClient,
  KubeObject,
  ObjectKey,
  ResourceRef,
} from '../client/KubeClient.ts';
import { type Event, events } from '../client/resources.ts';
import type { ComponentLog, LogFields } from './ComponentLogs.ts';

/**
 * The API as a component uses it, who logs what it makes and deletes, and the events that it tells of.
 * Other writes are told by their events, and happen too often for a log.
 */
export class LoggedClient implements KubeClient {
  readonly get: KubeClient['get'];
  readonly list: KubeClient['list'];
  readonly update: KubeClient['update'];
  readonly updateStatus: KubeClient['updateStatus'];
  readonly patch: KubeClient['patch'];
  readonly watch: KubeClient['watch'];
  readonly #log: ComponentLog;
  readonly #sent: KubeClient;

  constructor(
    /** The same API without the log. */
    readonly unlogged: KubeClient,
    log: ComponentLog,
    /** The one that requests go through; that without the log unless it does more than that. */
    sent: KubeClient = unlogged,
  ) {
    this.#log = log;
    this.#sent = sent;
    this.get = (...of) => sent.get(...of);
    this.list = (...of) => sent.list(...of);
    this.update = (...of) => sent.update(...of);
    this.updateStatus = (...of) => sent.updateStatus(...of);
    this.patch = (...of) => sent.patch(...of);
    this.watch = (...of) => sent.watch(...of);
  }

  async create<T extends KubeObject>(
    resource: ResourceRef<T>,
    object: Draft<T>,
    options?: { dryRun?: boolean },
  ): Promise<T> {
    const made = await this.#sent.create(resource, object, options);
    if (options?.dryRun) return made;
    if (isEvent(made)) this.#tell(made);
    else this.#log.info(`Created ${made.kind}`, fieldsOf(made));
    return made;
  }

  async delete<T extends KubeObject>(
    resource: ResourceRef<T>,
    key: ObjectKey,
    options?: Parameters<KubeClient['delete']>[2],
  ): Promise<void> {
    await this.#sent.delete(resource, key, options);
    // Those whose time is over are many, and of no interest.
    if (resource.plural === events.plural) return;
    const { name, namespace } = key;
    this.#log.info(`Deleted ${resource.kind}`, { kind: resource.kind, namespace, name });
  }

  #tell({ type, message = '', reason, involvedObject }: Event): void {
    const { kind, namespace, name, uid } = involvedObject;
    const fields = { kind, namespace, name, uid, reason };
    if (type === 'Warning') this.#log.warning(message, fields);
    else this.#log.info(message, fields);
  }
}

const isEvent = (object: KubeObject): object is Event =>
  object.kind === events.kind && object.apiVersion === 'v1';

function fieldsOf({ kind, metadata: { namespace, name, uid } }: KubeObject): LogFields {
  return { kind, namespace, name, uid };
}
