import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { WantedFile } from '../../kubelet/images/ContainerImages.ts';
import type { Container } from '../../client/resources.ts';

/** KubeVirt: pkg/container-disk/container-disk.go, generateContainerFromVolume (d923fdb). */
const resources = {
  limits: { cpu: '10m', memory: '40M' },
  requests: { cpu: '1m', memory: '1M' },
};

/** The container of a launcher pod whose image has the disk of a volume. */
export const imageContainerOf = (volume: string) => `volume${volume}`;

/** That of the kernel that a guest is booted with (pkg/container-disk/container-disk.go, KernelBootVolumeName). */
export const kernelBootContainer = imageContainerOf('kernel-boot-volume');

/** A container for each volume that comes from a container image, and for the kernel. */
export function imageContainers({
  volumes = [],
  domain,
}: V1VirtualMachineInstanceSpec): Container[] {
  const kernel = domain.firmware?.kernelBoot?.container;
  return [
    ...volumes.flatMap(({ name, containerDisk }) =>
      containerDisk ? [containerOf(imageContainerOf(name), containerDisk)] : [],
    ),
    ...(kernel ? [containerOf(kernelBootContainer, kernel)] : []),
  ];
}

const containerOf = (name: string, source: ImageSource): Container => ({
  name,
  image: source.image,
  imagePullPolicy: pullPolicy(source),
  resources,
});

/** The files that are wanted of the image of each such container, by the container's name. */
export function wantedFiles({
  volumes = [],
  domain,
}: V1VirtualMachineInstanceSpec): Map<string, WantedFile[]> {
  const { kernelPath, initrdPath } = domain.firmware?.kernelBoot?.container ?? {};
  const boot = [kernelPath, initrdPath].flatMap((path) => (path ? [{ path, isDisk: false }] : []));
  const disks = volumes.flatMap(({ name, containerDisk }): [string, WantedFile[]][] =>
    containerDisk ? [[imageContainerOf(name), [{ path: containerDisk.path, isDisk: true }]]] : [],
  );
  return new Map([...disks, [kernelBootContainer, boot]]);
}

interface ImageSource {
  image: string;
  imagePullPolicy?: string;
}

/** What a kubelet makes of no policy: images whose name can come to mean another are asked for anew. */
export function pullPolicy({ image, imagePullPolicy }: ImageSource): string {
  if (imagePullPolicy) return imagePullPolicy;
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
