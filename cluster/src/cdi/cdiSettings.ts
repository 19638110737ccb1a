import type { Informer } from '../client/Informer.ts';
import type { PersistentVolumeClaim } from '../client/resources.ts';
import type { Cdi, CdiConfig, StorageProfile } from './resources.ts';

type Configs = Informer<CdiConfig>;

const configOf = (configs: Configs) => configs.get({ name: 'config' });

/** Does a claim of a DataVolume wait for its first consumer where its class says so? */
export function honorsFirstConsumer(configs: Configs): boolean {
  const gates = configOf(configs)?.spec.featureGates;
  return gates?.includes('HonorWaitForFirstConsumer') ?? true;
}

/** Are disks given all of their room at once, also where nobody asks for it? */
export const preallocates = (configs: Configs): boolean =>
  configOf(configs)?.status?.preallocation === true;

/** The share of a claim's room, 0 to 1, that its disk may not take. */
export function overheadOf(
  configs: Configs,
  { storageClassName, volumeMode }: PersistentVolumeClaim['spec'],
): number {
  if (volumeMode === 'Block') return 0;
  const { global, storageClass } = configOf(configs)?.status?.filesystemOverhead ?? {};
  const share = Number(storageClass?.[storageClassName ?? ''] ?? global ?? 0);
  return share >= 0 && share < 1 ? share : 0;
}

export type CloneStrategy = 'copy' | 'snapshot' | 'csi-clone';

/** How a clone into a claim is made: as CDI is told, else as the profile of its class says (pkg/controller/clone). */
export function cloneStrategyOf(
  { cdis, storageProfiles }: { cdis: Informer<Cdi>; storageProfiles: Informer<StorageProfile> },
  className: string | undefined,
): CloneStrategy {
  const override = cdis.list()[0]?.spec.cloneStrategyOverride;
  const profile = storageProfiles.get({ name: className ?? '' })?.status?.cloneStrategy;
  const wanted = override ?? profile;
  return wanted === 'copy' || wanted === 'csi-clone' ? wanted : 'snapshot';
}
