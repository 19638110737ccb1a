import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Container } from '../../client/resources.ts';

/** KubeVirt: pkg/container-disk/container-disk.go, generateContainerFromVolume (d923fdb). */
const resources = {
  limits: { cpu: '10m', memory: '40M' },
  requests: { cpu: '1m', memory: '1M' },
};

/** The container of a launcher pod whose image has the disk of a volume. */
export const imageContainerOf = (volume: string) => `volume${volume}`;

/** A container for each volume that comes from a container image. */
export function imageContainers(volumes: readonly V1Volume[] = []): Container[] {
  return volumes.flatMap(({ name, containerDisk }) =>
    containerDisk
      ? [
          {
            name: imageContainerOf(name),
            image: containerDisk.image,
            imagePullPolicy: pullPolicy(containerDisk),
            resources,
          },
        ]
      : [],
  );
}

/** What a kubelet makes of no policy: images whose name can come to mean another are asked for anew. */
export function pullPolicy({
  image,
  imagePullPolicy,
}: NonNullable<V1Volume['containerDisk']>): string {
  if (imagePullPolicy) return imagePullPolicy;
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
