import { controllerReference } from '../../client/controllerReference.ts';
import type { Draft } from '../../client/KubeClient.ts';
import type { Pod } from '../../client/resources.ts';
import { cpuAllocationRatio, launcherOverheadBytes } from '../launcherResources.ts';
import { asksForKvm, type ClusterConfiguration } from '../clusterConfiguration.ts';
import { cpuModelLabel, namedCpuModel } from '../cpuModelLabel.ts';
import { hostnameOf, instanceId } from '../guestNames.ts';
import { networksAnnotation } from '../podNetworks.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';
import { serviceAccountOf } from '../serviceAccountName.ts';
import type { GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import { imageContainers } from '../virt-launcher/containerDisks.ts';
import type { AutoLimits } from './autoLimits.ts';
import { launcherRequests } from './launcherRequests.ts';
import { launcherVolumes } from './launcherVolumes.ts';
import { podProbes } from './podProbes.ts';
import { stateVolume } from './backendStorage.ts';

/** KubeVirt: pkg/virt-controller/services/serialconsolelog.go (d923fdb). */
const consoleLogResources = {
  requests: { cpu: '5m', memory: '35M' },
  limits: { cpu: '15m', memory: '60M' },
};

export interface LauncherOptions {
  /** The claim with what persists of the guest's TPM and firmware. */
  stateClaim?: string | undefined;
  /** vCPUs that share one core. */
  cpuAllocationRatio?: number;
  /** It asks its node for KVM. */
  withKvm?: boolean;
  limits?: AutoLimits;
}

/** What of the cluster's configuration decides about launchers. */
export function configuredLauncher(
  configuration: ClusterConfiguration,
  acceleration: GuestRuntime['acceleration'],
): LauncherOptions {
  const withKvm = asksForKvm(configuration, acceleration);
  return { cpuAllocationRatio: configuration.cpuAllocationRatio, withKvm };
}

/**
 * The pod that stands for a guest: scheduling, quota and everything that looks at pods works on it.
 * Names, labels and containers: KubeVirt pkg/virt-controller/services/template.go (d923fdb).
 */
export function launcherPod(
  vmi: VirtualMachineInstance,
  options: LauncherOptions = {},
): Draft<Pod> {
  const overhead = launcherOverheadBytes(vmi.spec);
  const kernel = vmi.spec.domain.firmware?.kernelBoot?.container;
  const pullSecrets = new Set([
    ...(vmi.spec.volumes ?? []).flatMap(
      ({ containerDisk }) => containerDisk?.imagePullSecret ?? [],
    ),
    ...(kernel?.imagePullSecret ? [kernel.imagePullSecret] : []),
  ]);
  const account = serviceAccountOf(vmi.spec);
  const hasAccountVolume = vmi.spec.volumes?.some(({ serviceAccount }) => serviceAccount) ?? false;
  const ports = (vmi.spec.domain.devices.interfaces ?? [])
    .flatMap((nic) => nic.ports ?? [])
    .map(({ name, port, protocol }) => ({
      ...(name && { name }),
      containerPort: port,
      protocol: protocol ?? 'TCP',
    }));
  const model = namedCpuModel(vmi.spec.domain.cpu);
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
        controllerReference('kubevirt.io/v1', 'VirtualMachineInstance', vmi.metadata),
      ],
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: hasAccountVolume,
      ...(account && { serviceAccountName: account }),
      ...(pullSecrets.size > 0 && {
        imagePullSecrets: [...pullSecrets].map((name) => ({ name })),
      }),
      enableServiceLinks: false,
      hostname: hostnameOf(vmi),
      ...(vmi.spec.subdomain && { subdomain: vmi.spec.subdomain }),
      terminationGracePeriodSeconds: (vmi.spec.terminationGracePeriodSeconds ?? 30) + 15,
      nodeSelector: {
        'kubevirt.io/schedulable': 'true',
        ...(vmi.spec.architecture && { 'kubernetes.io/arch': vmi.spec.architecture }),
        ...(vmi.spec.domain.cpu?.dedicatedCpuPlacement && { cpumanager: 'true' }),
        ...(model !== undefined && { [cpuModelLabel(model)]: 'true' }),
        ...vmi.spec.nodeSelector,
      },
      ...(vmi.spec.tolerations && { tolerations: vmi.spec.tolerations }),
      ...(vmi.spec.priorityClassName && { priorityClassName: vmi.spec.priorityClassName }),
      ...(vmi.spec.affinity && { affinity: vmi.spec.affinity }),
      ...(vmi.spec.topologySpreadConstraints && {
        topologySpreadConstraints: vmi.spec.topologySpreadConstraints,
      }),
      readinessGates: [{ conditionType: 'kubevirt.io/virtual-machine-unpaused' }],
      volumes: [
        ...launcherVolumes(vmi),
        ...(options.stateClaim === undefined
          ? []
          : [{ name: stateVolume, persistentVolumeClaim: { claimName: options.stateClaim } }]),
      ],
      containers: [
        {
          name: 'compute',
          image: 'virt-launcher',
          ...(ports.length > 0 && { ports }),
          ...podProbes(vmi),
          resources: launcherRequests(
            vmi,
            options.cpuAllocationRatio ?? cpuAllocationRatio,
            options.withKvm,
            options.limits,
          ),
        },
        ...imageContainers(vmi.spec),
        ...(logs
          ? [{ name: names.consoleLog, image: 'virt-launcher', resources: consoleLogResources }]
          : []),
      ],
    },
  };
}
