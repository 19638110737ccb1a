import { type AnyInformer, keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import { events } from '../client/resources.ts';
import { EventExpiry } from '../kube-controller-manager/EventExpiry.ts';
import type { Reconciler } from '../client/Reconciler.ts';
import { GarbageCollector, ownerInformer } from '../kube-controller-manager/GarbageCollector.ts';
import { NamespaceController } from '../kube-controller-manager/NamespaceController.ts';
import { Scheduler } from '../kube-scheduler/Scheduler.ts';
import type { AllInformers } from './AllInformers.ts';
import { connectAccess } from './connectAccess.ts';
import { connectQuotas } from './connectQuotas.ts';
import { connectEndpoints } from './connectServices.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';
import type { Informers } from './informers.ts';

/** Wakes the scheduler, the garbage collector, the namespace controller and what guards access. */
export function connectCluster(wiring: Wiring): void {
  connectScheduler(wiring.as('kube-scheduler'));
  const { options } = wiring;
  const { named, all } = wiring.informers.all(options.clientFor(identities.controllerManager));
  connectGarbageCollector(wiring, all);
  connectNamespaces(wiring, named);
  connectEvents(wiring, named);
  connectAccess(wiring, named);
  connectQuotas(wiring, named, all);
  connectEndpoints(wiring, named);
}

function connectScheduler({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.scheduler);
  const informers = sets.pick(client, [
    ...(['pods', 'nodes', 'namespaces', 'claims', 'volumes', 'classes'] as const),
  ]);
  const scheduler = new Scheduler({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'default-scheduler'),
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
  const retryUsers = (claim: ObjectKey) => {
    for (const key of scheduler.waitingFor(claim)) podQueue.add(keyText(key));
  };
  informers.claims.onChange(({ key }) => retryUsers(key));
  informers.volumes.onChange(({ after }) => {
    const claim = after?.spec.claimRef;
    if (claim?.name) retryUsers({ namespace: claim.namespace, name: claim.name });
  });
}

function connectGarbageCollector({ options, queue }: Wiring, all: AllInformers): void {
  const collector = new GarbageCollector(options.clientFor(identities.garbageCollector), all);
  const queues = new Map<string, Reconciler>();
  const queueOf = ({ resource: { group, plural } }: AnyInformer) => {
    const name = `${plural}.${group}`;
    const made =
      queues.get(name) ??
      queue(`garbage-collector ${plural}`, async (key) => {
        const informer = all.find(group, (resource) => resource.plural === plural);
        if (informer !== undefined) await collector.reconcile(informer, key);
      });
    queues.set(name, made);
    return made;
  };
  const wake = (informer: AnyInformer, key: ObjectKey) => {
    queueOf(informer).add(keyText(key));
  };
  all.forEach((informer) => {
    if (informer.resource === events) return;
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
        const of = ownerInformer(all, owner);
        if (of) wake(of, { namespace: key.namespace, name: owner.name });
      }
    });
  });
}

function connectNamespaces({ options, queue }: Wiring, informers: Informers): void {
  const namespaceController = new NamespaceController({
    ...options,
    client: options.clientFor(identities.namespaceController),
    namespaces: informers.namespaces,
  });
  const namespaceQueue = queue('namespace', (key) => namespaceController.reconcile(key));
  informers.namespaces.onChange(({ key }) => namespaceQueue.add(keyText(key)));
}

function connectEvents({ options, queue }: Wiring, { events: informer }: Informers): void {
  const client = options.clientFor(identities.garbageCollector);
  const expiry = new EventExpiry({ ...options, client, events: informer });
  const sweeps = queue('event-ttl', () => expiry.sweep(), 1);
  // One key, looked at again and again; the first look waits for the first list.
  void informer.start().then(() => sweeps.add('events'));
}
