import { controllerReference } from '../../../client/controllerReference.ts';
import type { Draft } from '../../../client/KubeClient.ts';
import type { VirtualMachine, VirtualMachinePool } from '../../resources.ts';

/** Label of a pool's VMs and their VMIs: the revision of the pool that they were made by. */
export const poolRevision = 'kubevirt.io/vm-pool-revision-name';

/** The name before the index: the template's, else the pool's. */
function baseName({ metadata, spec }: VirtualMachinePool): string {
  const { name, generateName } = spec.virtualMachineTemplate.metadata ?? {};
  return name ?? generateName ?? metadata.name;
}

/** The index at the end of the name of one of the pool's VMs; undefined for a name that is not the pool's. */
export function indexOf(pool: VirtualMachinePool, name: string): number | undefined {
  const start = `${baseName(pool)}-`;
  if (!name.startsWith(start)) return undefined;
  const rest = name.slice(start.length);
  return /^\d+$/.test(rest) ? Number(rest) : undefined;
}

/** The first indexes, from 0, that none of the names has. */
export function freeIndexes(pool: VirtualMachinePool, names: string[], count: number): number[] {
  const taken = new Set(names.map((name) => indexOf(pool, name)));
  const free: number[] = [];
  for (let index = 0; free.length < count; index++) if (!taken.has(index)) free.push(index);
  return free;
}

/**
 * The VM of a pool with that index, which stands at the end of its name and of the names of its DataVolumes
 * (pkg/virt-controller/watch/pool/pool.go, d923fdb).
 */
export function poolVm(
  pool: VirtualMachinePool,
  index: number,
  revision: string,
): Draft<VirtualMachine> {
  const { metadata, spec } = pool.spec.virtualMachineTemplate;
  const labels = { [poolRevision]: revision };
  const own: VirtualMachine['spec'] = structuredClone(spec ?? { template: {} });
  own.template.metadata = {
    ...own.template.metadata,
    labels: { ...own.template.metadata?.labels, ...labels },
  };
  indexVolumes(pool, own, index);
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: `${baseName(pool)}-${index}`,
      ...(pool.metadata.namespace && { namespace: pool.metadata.namespace }),
      labels: { ...metadata?.labels, ...labels },
      annotations: { ...metadata?.annotations },
      ownerReferences: [
        controllerReference('pool.kubevirt.io/v1beta1', 'VirtualMachinePool', pool.metadata),
      ],
    },
    spec: own,
  };
}

/** What each VM has for itself gets the index: its DataVolumes; ConfigMaps and Secrets if the pool says so. */
function indexVolumes(
  { spec: { nameGeneration } }: VirtualMachinePool,
  spec: VirtualMachine['spec'],
  index: number,
): void {
  const indexed = new Set<string>();
  for (const { metadata } of spec.dataVolumeTemplates ?? []) {
    if (!metadata?.name) continue;
    indexed.add(metadata.name);
    metadata.name = `${metadata.name}-${index}`;
  }
  for (const { dataVolume, persistentVolumeClaim, configMap, secret } of spec.template.spec
    ?.volumes ?? []) {
    if (dataVolume && indexed.has(dataVolume.name)) dataVolume.name += `-${index}`;
    if (persistentVolumeClaim && indexed.has(persistentVolumeClaim.claimName)) {
      persistentVolumeClaim.claimName += `-${index}`;
    }
    if (configMap?.name && nameGeneration?.appendIndexToConfigMapRefs) {
      configMap.name += `-${index}`;
    }
    if (secret?.secretName && nameGeneration?.appendIndexToSecretRefs) {
      secret.secretName += `-${index}`;
    }
  }
}
