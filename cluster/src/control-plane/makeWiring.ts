import type { GuestNetworks } from '../cni/GuestNetworks.ts';
import { EventRecorder } from '../client/EventRecorder.ts';
import { parseKey } from '../client/Informer.ts';
import { Reconciler } from '../client/Reconciler.ts';
import { LoggedClient } from '../component-logs/LoggedClient.ts';
import type { ControllerOptions, Queue, Recorders, Wiring } from './ControllerOptions.ts';
import type { Health } from './Health.ts';
import type { InformerSets } from './InformerSets.ts';

interface Common {
  options: ControllerOptions;
  informers: InformerSets;
  networks: GuestNetworks;
  guestOf: Wiring['guestOf'];
  health: Health;
  requests: Wiring['requests'];
  /** Told of each work queue, which is to be closed with the control plane. */
  onQueue: (queue: Reconciler) => void;
}

/** What a component is connected with: all that it does goes to its own log. */
export function wiringOf(common: Common, component: string, node?: string): Wiring {
  const { options, onQueue } = common;
  const own = options.logs.of(component, node);
  const log = (message: string) => {
    own.error(message);
    options.log(message);
  };
  const { clock } = options;
  const requests = common.requests(node === undefined ? component : `${component}-${node}`);
  const queue: Queue = (name, reconcile, concurrency = 8) => {
    const made = new Reconciler({
      name,
      reconcile: async (key) => (await reconcile(parseKey(key))) ?? undefined,
      concurrency,
      clock,
      log,
    });
    onQueue(made);
    return made;
  };
  const recorder: Recorders = (client, name, host) =>
    new EventRecorder(client, { component: name, clock, log, ...(host !== undefined && { host }) });
  return {
    ...common,
    options: {
      ...options,
      log,
      clientFor: (identity) => {
        const client = options.clientFor(identity);
        return new LoggedClient(client, own, requests.counting(client));
      },
    },
    log: own,
    queue,
    recorder,
    as: (other, of) => wiringOf(common, other, of),
  };
}
