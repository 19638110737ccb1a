import { type AnyInformer, keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import { events } from '../client/resources.ts';
import { GarbageCollector } from '../kube-controller-manager/GarbageCollector.ts';
import { NamespaceController } from '../kube-controller-manager/NamespaceController.ts';
import { Scheduler } from '../kube-scheduler/Scheduler.ts';
import { connectAccess } from './connectAccess.ts';
import type { ControllerOptions, Queue, Recorders } from './ControllerOptions.ts';
import type { Informers } from './informers.ts';

/** Wakes the scheduler, the garbage collector and the namespace controller. */
export function connectCluster(
  options: ControllerOptions,
  informers: Informers,
  all: readonly AnyInformer[],
  queue: Queue,
  recorder: Recorders,
): void {
  const scheduler = new Scheduler({
    ...options,
    ...informers,
    recorder: recorder('default-scheduler'),
  });
  const podQueue = queue('scheduler', (key) => scheduler.reconcile(key), 1);
  const retryWaiting = () => {
    for (const key of scheduler.waiting()) podQueue.add(keyText(key));
  };
  informers.pods.onChange(({ key, after }) => {
    podQueue.add(keyText(key));
    if (!after || after.status?.phase === 'Succeeded' || after.status?.phase === 'Failed') {
      retryWaiting();
    }
  });
  informers.nodes.onChange(retryWaiting);

  const collector = new GarbageCollector(options.client, all);
  const garbage = all.map((informer) => {
    const reconciler = queue(`garbage-collector ${informer.resource.plural}`, (key) =>
      collector.reconcile(informer, key),
    );
    return { informer, reconciler };
  });
  const wake = (informer: AnyInformer, key: ObjectKey) =>
    garbage.find((entry) => entry.informer === informer)?.reconciler.add(keyText(key));
  for (const { informer } of garbage) {
    if (informer.resource === events) continue;
    informer.onChange(({ key, before, after }) => {
      const object = after ?? before;
      if (!object) return;
      const deleting = object.metadata.deletionTimestamp !== undefined;
      if (after && (object.metadata.ownerReferences?.length || deleting)) wake(informer, key);
      if (!after || deleting) {
        for (const [of, dependent] of collector.dependentsOf(object.metadata.uid)) {
          wake(of, dependent);
        }
      }
      if (after) return;
      // An owner in foreground deletion waits for the last of its dependents.
      for (const owner of object.metadata.ownerReferences ?? []) {
        const of = all.find(({ resource }) => resource.kind === owner.kind);
        if (of) wake(of, { namespace: key.namespace, name: owner.name });
      }
    });
  }
  const namespaceController = new NamespaceController({
    ...options,
    namespaces: informers.namespaces,
  });
  const namespaceQueue = queue('namespace', (key) => namespaceController.reconcile(key));
  informers.namespaces.onChange(({ key }) => namespaceQueue.add(keyText(key)));
  connectAccess(options, informers, queue);
}
