import { NetworkConfigError, parseBridgeConfig } from '../cni/bridgeConfig.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { type Pod, pods } from '../client/resources.ts';
import {
  annotations,
  type NetworkAttachmentDefinition,
  type NetworkSelection,
  type NetworkStatus,
} from './resources.ts';

interface Dependencies {
  client: KubeClient;
  networkAttachments: Informer<NetworkAttachmentDefinition>;
  recorder: EventRecorder;
}

/**
 * Connects pods to the networks that their annotation names, also while they run, and writes down what they
 * have (multus-cni, multus-dynamic-networks-controller). Here it decides and records alone: the interfaces
 * themselves are those of guests, which virt-handler plugs in.
 */
export class Multus {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Gives why the pod cannot have one of its networks; undefined when it has them all. */
  async attach(pod: Pod, address: string): Promise<string | undefined> {
    const wanted = selectionsOf(pod);
    const before = statusOf(pod);
    // A pod of the pod network alone has nothing that its status does not tell.
    if (wanted.length === 0 && before.length === 0) return undefined;
    const missing: string[] = [];
    const status: NetworkStatus[] = [podNetwork(address)];
    for (const selection of wanted) {
      const known = before.find((one) => one.interface === selection.interface);
      const problem = known ? undefined : this.#problem(selection);
      if (problem === undefined) status.push(known ?? networkStatus(selection));
      else missing.push(problem);
    }
    await this.#write(pod, status, before);
    return missing.length === 0 ? undefined : missing.join(', ');
  }

  #problem({ namespace, name }: NetworkSelection): string | undefined {
    const found = this.#is.networkAttachments.get({ namespace, name });
    if (!found) {
      return `cannot find a network-attachment-definition (${name}) in namespace (${namespace}): network-attachment-definitions.k8s.cni.cncf.io "${name}" not found`;
    }
    try {
      parseBridgeConfig(found.spec?.config ?? '');
      return undefined;
    } catch (error) {
      if (!(error instanceof NetworkConfigError)) throw error;
      return `error adding container to network "${name}": ${error.message}`;
    }
  }

  async #write(pod: Pod, status: NetworkStatus[], before: NetworkStatus[]): Promise<void> {
    // Multus writes it with this indentation, and clients compare it as text.
    const text = JSON.stringify(status, undefined, 4);
    if (pod.metadata.annotations?.[annotations.status] === text) return;
    await ignoreGone(
      this.#is.client.patch(pods, pod.metadata, {
        type: 'merge',
        body: { metadata: { annotations: { [annotations.status]: text } } },
      }),
    );
    const isIn = (list: NetworkStatus[], one: NetworkStatus) =>
      list.some((other) => other.interface === one.interface);
    for (const one of status.filter((each) => !each.default && !isIn(before, each)))
      this.#is.recorder.normal(pod, 'AddedInterface', `Add ${one.interface} [] from ${one.name}`);
    for (const one of before.filter((each) => !each.default && !isIn(status, each)))
      this.#is.recorder.normal(pod, 'RemovedInterface', `Del ${one.interface} from ${one.name}`);
  }
}

/** The networks that a pod asks for. */
export const selectionsOf = (pod: Pod) =>
  listOf<NetworkSelection>(pod.metadata.annotations?.[annotations.networks]);

/** The networks that a pod has, its default one among them. */
export const statusOf = (pod: Pod) =>
  listOf<NetworkStatus>(pod.metadata.annotations?.[annotations.status]);

/** What is no JSON list is none of ours: users may annotate their own pods as they like. */
function listOf<T>(text: string | undefined): T[] {
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? (parsed as T[]) : [];
  } catch {
    return [];
  }
}

const podNetwork = (address: string): NetworkStatus => ({
  name: 'pod-network',
  interface: 'eth0',
  ips: [address],
  default: true,
  dns: {},
});

const networkStatus = ({ namespace, name, mac, interface: nic }: NetworkSelection) => ({
  name: `${namespace}/${name}`,
  interface: nic,
  ...(mac !== undefined && { mac }),
  dns: {},
});
