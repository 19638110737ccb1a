import { dataSources } from '../cluster/src/cdi/resources.ts';
import type { KubeClient } from '../cluster/src/client/KubeClient.ts';
import type { Cluster } from '../cluster/src/createCluster.ts';
import { guestImages } from '../cluster/src/guest-images/guestImages.ts';
import type { VirtualMachineInstance } from '../cluster/src/kubevirt/resources.ts';
import type { QemuRuntime } from '../cluster/src/kubevirt/virt-launcher/QemuRuntime.ts';
import { admin, until, withCluster } from './withCluster.ts';

/** A cluster in this process, and a client of it. */
export interface Guests {
  cluster: Cluster;
  client: KubeClient;
}

/** Gives `work` a cluster of real guests whose micro image is ready, and ends them after it. */
export function withGuests<T>(
  work: (guests: Guests) => Promise<T>,
  options: { nodes?: number; runtime?: QemuRuntime } = {},
): Promise<T> {
  const cache = new URL('../node_modules/.cache/virtdeck', import.meta.url).pathname;
  const micro = guestImages(cache, () => undefined).filter(({ name }) => name === 'micro');
  const ready = async (cluster: Cluster) => {
    await until(cluster, dataSources, { namespace: 'kubevirt-os-images', name: 'micro' }, isReady);
    return work({ cluster, client: cluster.api.clientFor(admin) });
  };
  return withCluster(micro, ready, options);
}

const isReady = ({ status }: { status?: { conditions?: { type: string; status: string }[] } }) =>
  status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');

/** Its agent has come: the guest has booted. Throws when no node has room for it, which would not change. */
export function hasBooted({ status }: VirtualMachineInstance): boolean {
  const conditions = status?.conditions ?? [];
  const full = conditions.find(
    ({ type, message }) => type === 'PodScheduled' && message?.includes('Insufficient'),
  );
  if (full) throw new Error(`this machine is too small: ${full.message ?? ''}`);
  return conditions.some(({ type }) => type === 'AgentConnected');
}
