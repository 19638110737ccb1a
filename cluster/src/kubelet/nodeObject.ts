import { arch, release } from 'node:os';

import type { Draft } from '../client/KubeClient.ts';
import type { Node } from '../client/resources.ts';
import { formatBytes } from '../quantity.ts';

export interface NodeFacts {
  name: string;
  address: string;
  podCidr: string;
  cpus: number;
  memoryBytes: number;
  /** Most pods at a time. */
  pods: number;
  /** What runs the guests' instructions. */
  acceleration: 'kvm' | 'tcg' | 'simulated';
  /** Version of the hypervisor, e.g. `QEMU 7.2.19`. */
  hypervisor: string;
  kubernetesVersion: string;
  controlPlane: boolean;
}

/** The Node as kubelet and virt-handler together present it. */
export function nodeObject(facts: NodeFacts, now: string): Draft<Node> {
  const resources = {
    cpu: String(facts.cpus),
    memory: formatBytes(facts.memoryBytes),
    pods: String(facts.pods),
    'devices.kubevirt.io/kvm': facts.acceleration === 'kvm' ? '1k' : '0',
  };
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.name,
      labels: {
        'kubernetes.io/hostname': facts.name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch() === 'x64' ? 'amd64' : arch(),
        'node-role.kubernetes.io/worker': '',
        ...(facts.controlPlane && { 'node-role.kubernetes.io/control-plane': '' }),
        'virtdeck.io/acceleration': facts.acceleration,
      },
    },
    spec: {
      podCIDR: facts.podCidr,
      podCIDRs: [facts.podCidr],
      providerID: `virtdeck://${facts.name}`,
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: facts.address },
        { type: 'Hostname', address: facts.name },
      ],
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition(
          'DiskPressure',
          'False',
          'KubeletHasNoDiskPressure',
          'kubelet has no disk pressure',
        ),
        condition(
          'PIDPressure',
          'False',
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        architecture: arch() === 'x64' ? 'amd64' : arch(),
        operatingSystem: 'linux',
        osImage: 'virtdeck local cluster',
        kernelVersion: release(),
        containerRuntimeVersion: facts.hypervisor.replace(' ', '://').toLowerCase(),
        kubeletVersion: facts.kubernetesVersion,
        machineID: facts.name,
        systemUUID: facts.name,
        bootID: facts.name,
      },
    },
  };
}
