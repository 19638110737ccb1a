import type { Draft } from '../../src/client/KubeClient.ts';
import type { NetworkAttachmentDefinition } from '../../src/multus/resources.ts';
import type { VirtualMachine } from '../../src/kubevirt/resources.ts';

/** A network of the project `default`, on the bridge `br1` unless `config` says otherwise. */
export const network = (name: string, config: object = {}): Draft<NetworkAttachmentDefinition> => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name, namespace: 'default' },
  spec: {
    config: JSON.stringify({ cniVersion: '0.3.1', name, type: 'bridge', bridge: 'br1', ...config }),
  },
});

/** Gives a VM the pod network and an interface for each of the networks, by the interface's name. */
export function addNetworks(vm: Draft<VirtualMachine>, networks: Record<string, string>): void {
  const { spec } = vm.spec.template;
  if (!spec) return;
  spec.networks = [{ name: 'default', pod: {} }];
  spec.domain.devices.interfaces = [{ name: 'default', masquerade: {}, model: 'virtio' }];
  for (const [name, networkName] of Object.entries(networks)) {
    spec.networks.push({ name, multus: { networkName } });
    spec.domain.devices.interfaces.push({ name, bridge: {}, model: 'virtio' });
  }
}
