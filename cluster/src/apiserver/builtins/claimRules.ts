import type { PersistentVolumeClaim } from '../../client/resources.ts';
import { invalid, type StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, required } from '../causes.ts';
import { parseAmount } from '../quota/Amount.ts';
import type { AdmissionContext } from '../ResourceDefinition.ts';

/** A new claim says how it is used and how large it is. Kubernetes: ValidatePersistentVolumeClaimSpec (v1.33). */
export function validateNewClaim({
  operation,
  object,
  name,
}: AdmissionContext<PersistentVolumeClaim>): void {
  if (operation !== 'CREATE') return;
  const causes = [...modeCauses(object.spec.accessModes), ...sizeCauses(object)];
  if (causes.length > 0) throw invalid({ group: '', kind: 'PersistentVolumeClaim' }, name, causes);
}

function modeCauses(modes: PersistentVolumeClaim['spec']['accessModes'] = []): StatusCause[] {
  const field = 'spec.accessModes';
  if (modes.length === 0) return [required(field, 'at least 1 access mode is required')];
  if (!modes.includes('ReadWriteOncePod') || new Set(modes).size === 1) return [];
  return [forbiddenAt(field, 'may not use ReadWriteOncePod with other access modes')];
}

function sizeCauses({ spec }: PersistentVolumeClaim): StatusCause[] {
  const field = 'spec.resources[storage]';
  const size = spec.resources?.requests?.['storage'];
  if (size === undefined) return [required(field)];
  const amount = parseAmount(size);
  if (amount === undefined || amount.milli > 0) return [];
  return [invalidAt(field, size, 'must be greater than zero')];
}
