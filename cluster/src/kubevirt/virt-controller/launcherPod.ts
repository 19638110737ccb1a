import type { Draft } from '../../client/KubeClient.ts';
import type { Pod } from '../../client/resources.ts';
import { hostnameOf, instanceId } from '../guestNames.ts';
import { formatBytes, formatCores } from '../../quantity.ts';
import {
  cpuAllocationRatio,
  guestCpus,
  launcherOverheadBytes,
  requestedMemoryBytes,
} from '../launcherResources.ts';
import { networksAnnotation } from '../podNetworks.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';

/** KubeVirt: pkg/virt-controller/services/serialconsolelog.go (d923fdb). */
const consoleLogResources = {
  requests: { cpu: '5m', memory: '35M' },
  limits: { cpu: '15m', memory: '60M' },
};

/**
 * The pod that stands for a guest: scheduling, quota and everything that looks at pods works on it.
 * Names, labels and containers: KubeVirt pkg/virt-controller/services/template.go (d923fdb).
 */
export function launcherPod(vmi: VirtualMachineInstance): Draft<Pod> {
  const overhead = launcherOverheadBytes(vmi.spec);
  const memory = requestedMemoryBytes(vmi.spec) + overhead;
  const claims = (vmi.spec.volumes ?? []).flatMap((volume) => {
    const claimName = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name;
    return claimName ? [{ name: volume.name, persistentVolumeClaim: { claimName } }] : [];
  });
  const ports = (vmi.spec.domain.devices.interfaces ?? [])
    .flatMap((nic) => nic.ports ?? [])
    .map(({ name, port, protocol }) => ({
      ...(name && { name }),
      containerPort: port,
      protocol: protocol ?? 'TCP',
    }));
  const logs = vmi.spec.domain.devices.autoattachSerialConsole !== false;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `virt-launcher-${vmi.metadata.name}-`,
      ...(vmi.metadata.namespace && { namespace: vmi.metadata.namespace }),
      labels: {
        ...vmi.metadata.labels,
        'kubevirt.io': names.launcher,
        [names.createdBy]: vmi.metadata.uid,
        'vm.kubevirt.io/name': hostnameOf(vmi),
        'vmi.kubevirt.io/id': instanceId(vmi.metadata.name),
      },
      annotations: {
        [names.domain]: vmi.metadata.name,
        'kubectl.kubernetes.io/default-container': 'compute',
        'kubevirt.io/memory-overhead-bytes': String(overhead),
        'kubevirt.io/migrationTransportUnix': 'true',
        ...networksAnnotation(vmi),
      },
      ownerReferences: [
        {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstance',
          name: vmi.metadata.name,
          uid: vmi.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostname: vmi.spec.hostname ?? vmi.metadata.name,
      terminationGracePeriodSeconds: (vmi.spec.terminationGracePeriodSeconds ?? 30) + 15,
      nodeSelector: { 'kubevirt.io/schedulable': 'true', ...vmi.spec.nodeSelector },
      ...(vmi.spec.tolerations && { tolerations: vmi.spec.tolerations }),
      ...(vmi.spec.priorityClassName && { priorityClassName: vmi.spec.priorityClassName }),
      ...(vmi.spec.affinity && { affinity: vmi.spec.affinity }),
      ...(vmi.spec.topologySpreadConstraints && {
        topologySpreadConstraints: vmi.spec.topologySpreadConstraints,
      }),
      readinessGates: [{ conditionType: 'kubevirt.io/virtual-machine-unpaused' }],
      volumes: claims,
      containers: [
        {
          name: 'compute',
          image: 'virt-launcher',
          ...(ports.length > 0 && { ports }),
          resources: {
            requests: {
              cpu: formatCores(guestCpus(vmi.spec) / cpuAllocationRatio),
              memory: formatBytes(memory),
            },
          },
        },
        ...(logs
          ? [{ name: names.consoleLog, image: 'virt-launcher', resources: consoleLogResources }]
          : []),
      ],
    },
  };
}
