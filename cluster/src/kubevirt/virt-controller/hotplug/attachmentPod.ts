import { controllerReference } from '../../../client/controllerReference.ts';
import type { Draft } from '../../../client/KubeClient.ts';
import type { Pod } from '../../../client/resources.ts';

/** Label `kubevirt.io` of the pods that bring volumes to the node of a guest that runs. */
export const attachment = 'hotplug-disk';

/**
 * The pod by which a volume comes to the node of a launcher pod
 * (pkg/virt-controller/services/template.go, RenderHotplugAttachmentPodTemplate, d923fdb).
 */
export function attachmentPod(launcher: Pod, volume: string, claimName: string): Draft<Pod> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'hp-volume-',
      ...(launcher.metadata.namespace && { namespace: launcher.metadata.namespace }),
      labels: { 'kubevirt.io': attachment },
      ownerReferences: [controllerReference('v1', 'Pod', launcher.metadata)],
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [{ name: attachment, image: 'virt-launcher', resources: {} }],
      volumes: [{ name: volume, persistentVolumeClaim: { claimName } }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  {
                    key: 'kubernetes.io/hostname',
                    operator: 'In',
                    values: [launcher.spec.nodeName ?? ''],
                  },
                ],
              },
            ],
          },
        },
      },
      tolerations: [{ operator: 'Exists' }],
    },
  };
}
