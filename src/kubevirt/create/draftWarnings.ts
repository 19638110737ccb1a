import { formatBytes } from '~/k8s/quantity';
import { isBytes, type Limit, type QuotaUse, type VmSize } from '~/kubevirt/create/draftCost';
import type { Problem } from '~/kubevirt/create/draftProblems';
import { claimBytes, diskAbilities, type StorageFacts } from '~/kubevirt/create/storageAbilities';
import { isMade, type VmDraft } from '~/kubevirt/create/vmDraft';

const texts = {
  quota: 'The quota {{name}} leaves {{left}} of {{resource}}, and this needs {{need}}.',
  most: 'The limit range {{name}} allows {{bound}} at most, and this needs {{need}}.',
  least: 'The limit range {{name}} asks for {{bound}} at least, and this has {{need}}.',
  room: 'The storage class {{name}} has room for {{left}}, and this needs {{need}}.',
} as const;

/** An amount of a resource for people: bytes with their unit, all else as a number. */
export function amountText(resource: string, amount: number): string {
  return isBytes(resource) ? formatBytes(amount) : String(Number(amount.toFixed(3)));
}

/** Which field says how much of a resource a draft uses. */
function placeOf(resource: string, { compute, disks }: VmDraft): Pick<Problem, 'step' | 'field'> {
  const isType = compute.kind === 'instancetype';
  if (/^(?:limits\.)?cpu$/.test(resource))
    return { step: 'compute', field: isType ? 'instancetype' : 'cores' };
  if (/^(?:limits\.)?memory$|^hugepages-/.test(resource)) {
    return { step: 'compute', field: isType ? 'instancetype' : 'memory' };
  }
  if (/storage|persistentvolumeclaims/.test(resource)) {
    const made = disks.findLastIndex(isMade);
    return { step: 'storage', field: `disk-${made}-size` };
  }
  if (resource.startsWith('services')) return { step: 'network', field: 'services' };
  if (resource === 'secrets') return { step: 'initialisation', field: 'userData' };
  if (resource.includes('/')) return { step: 'compute', field: 'devices' };
  return { step: 'source', field: 'count' };
}

/** What would be created and then could not start, or be filled: quotas that it goes beyond. */
export function quotaWarnings(draft: VmDraft, uses: readonly QuotaUse[]): Problem[] {
  return uses
    .filter(({ isOver }) => isOver)
    .map(({ quota, resource, used, added, hard }): Problem => ({
      ...placeOf(resource, draft),
      text: texts.quota,
      values: {
        ...{ name: quota, resource },
        left: amountText(resource, Math.max(hard - used, 0)),
        need: amountText(resource, added),
      },
      isWarning: true,
    }));
}

/** The same of classes of storage that have no room for a disk. */
export function roomWarnings({ disks }: VmDraft, storage: StorageFacts): Problem[] {
  return disks.flatMap((disk, index): Problem[] => {
    const name = diskAbilities(disk, storage)?.className ?? '';
    const left = storage.room.get(name);
    const need = claimBytes(disk, storage);
    if (!isMade(disk) || left === undefined || need <= left) return [];
    return [
      {
        ...{ step: 'storage', field: `disk-${index}-size`, text: texts.room, isWarning: true },
        values: { name, left: formatBytes(left), need: formatBytes(need) },
      },
    ];
  });
}

/** The same of limit ranges: what one pod, or one claim, may ask for. */
export function limitWarnings(
  draft: VmDraft,
  limits: readonly Limit[],
  known: { size: VmSize | undefined; storage: StorageFacts },
): Problem[] {
  const check = (place: Pick<Problem, 'step' | 'field'>, limit: Limit, amount: number) => {
    const { range: name, resource, min, max } = limit;
    const bound = max !== undefined && amount > max ? max : min;
    if (bound === undefined || (bound === min && amount >= min)) return [];
    const warning: Problem = {
      ...place,
      text: bound === max ? texts.most : texts.least,
      values: {
        ...{ name, bound: amountText(resource, bound) },
        need: amountText(resource, amount),
      },
      isWarning: true,
    };
    return [warning];
  };
  return limits.flatMap((limit) => {
    const { type, resource } = limit;
    if (type === 'PersistentVolumeClaim') {
      return draft.disks.flatMap((disk, index) =>
        isMade(disk) && resource === 'storage'
          ? check(
              { step: 'storage', field: `disk-${index}-size` },
              limit,
              claimBytes(disk, known.storage),
            )
          : [],
      );
    }
    // Of its share of CPUs a pod may have less than the guest sees; of memory it has all.
    return resource === 'memory' && known.size && known.size.hugepages === ''
      ? check(placeOf(resource, draft), limit, known.size.memoryBytes)
      : [];
  });
}
