import { ignoreGone } from '../../client/ignoreGone.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type Pod, pods } from '../../client/resources.ts';
import { annotations } from '../../multus/resources.ts';
import { changedNetworks } from '../podNetworks.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/**
 * Asks Multus for the networks of a launcher that come, and gives back those that go. KubeVirt:
 * pkg/network/controllers/vmi.go (d923fdb).
 */
export async function askNetworks(
  client: KubeClient,
  vmi: VirtualMachineInstance,
  pod: Pod,
): Promise<void> {
  const text = changedNetworks(pod, vmi);
  if (text === undefined) return;
  const body = { metadata: { annotations: { [annotations.networks]: text } } };
  await ignoreGone(client.patch(pods, pod.metadata, { type: 'merge', body }));
}
