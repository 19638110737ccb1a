import type { PersistentVolumeClaim } from '../../client/resources.ts';
import { invalid, type StatusCause } from '../ApiError.ts';
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
  if (modes.length === 0) {
    const message = 'Required value: at least 1 access mode is required';
    return [{ reason: 'FieldValueRequired', message, field }];
  }
  if (!modes.includes('ReadWriteOncePod') || new Set(modes).size === 1) return [];
  const message = 'Forbidden: may not use ReadWriteOncePod with other access modes';
  return [{ reason: 'FieldValueForbidden', message, field }];
}

function sizeCauses({ spec }: PersistentVolumeClaim): StatusCause[] {
  const field = 'spec.resources[storage]';
  const size = spec.resources?.requests?.['storage'];
  if (size === undefined) {
    return [{ reason: 'FieldValueRequired', message: 'Required value', field }];
  }
  const amount = parseAmount(size);
  if (amount === undefined || amount.milli > 0) return [];
  const message = `Invalid value: ${JSON.stringify(size)}: must be greater than zero`;
  return [{ reason: 'FieldValueInvalid', message, field }];
}
