import type { Clock } from '../client/Clock.ts';
import type { ConnectionKind, Connections } from '../kubevirt/virt-api/subresources/routes.ts';
import { Counter } from './Counter.ts';
import type { MetricName, Sample } from './metrics.ts';

const gauges: Readonly<Record<ConnectionKind, MetricName>> = {
  vnc: 'kubevirt_vnc_active_connections',
  console: 'kubevirt_console_active_connections',
  portForward: 'kubevirt_portforward_active_tunnels',
  usbRedirection: 'kubevirt_usbredir_active_connections',
};

/** The streams to guests that virt-api serves now. KubeVirt: pkg/monitoring/metrics/virt-api (d923fdb). */
export class ApiConnections implements Connections {
  readonly #active = Object.fromEntries(
    Object.entries(gauges).map(([kind, name]) => [kind, new Counter(name)]),
  ) as Record<ConnectionKind, Counter>;
  readonly #last = new Counter('kubevirt_vmi_last_api_connection_timestamp_seconds');

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  begin(kind: ConnectionKind, namespace: string, vmi: string): () => void {
    const labels = { namespace, vmi };
    this.#active[kind].add(labels);
    this.#last.set(labels, Math.floor(this.clock.now() / 1000));
    let over = false;
    return () => {
      if (!over) this.#active[kind].add(labels, -1);
      over = true;
    };
  }

  samples(): Sample[] {
    return [...Object.values(this.#active), this.#last].flatMap((counter) => counter.samples());
  }
}
