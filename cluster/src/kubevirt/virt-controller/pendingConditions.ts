import type { DataVolume } from '../../cdi/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { type Condition, findCondition, withCondition } from './conditions.ts';

type Conditions = NonNullable<VirtualMachineInstance['status']>['conditions'];

/** Of a VMI for which there is no pod yet (pkg/virt-controller/watch/vmi/lifecycle.go, syncReadyConditionFromPod, d923fdb). */
const noPod: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'PodNotExists',
  message: 'virt-launcher pod has not yet been scheduled',
};

export const withoutPod = (conditions: Conditions, now: string): Condition[] =>
  withCondition<Condition>(conditions, noPod, now);

/** A claim is missing: as if the scheduler had said so (the same file, updateStatus). */
export const withMissingClaim = (conditions: Conditions, message: string, now: string) =>
  withCondition<Condition>(
    conditions,
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    now,
  );

/** Does the claim of the DataVolume wait for a pod that uses it? */
export const bindsLate = ({ status }: DataVolume): boolean =>
  ['WaitForFirstConsumer', 'PendingPopulation'].includes(status?.phase ?? '');

/** A DataVolume that waits for its first consumer is being bound for this VMI. */
export const withProvisioning = (
  conditions: Conditions,
  dataVolumes: readonly DataVolume[],
  now: string,
): Condition[] =>
  dataVolumes.some(bindsLate)
    ? withCondition<Condition>(conditions, { type: 'Provisioning', status: 'True' }, now)
    : (conditions ?? []);

/** DataVolumesReady, of a VMI that has some (the same file, aggregateDataVolumesConditions). */
export function withDataVolumesReady(
  conditions: Conditions,
  dataVolumes: readonly DataVolume[],
  now: string,
): Condition[] {
  if (dataVolumes.length === 0) return conditions ?? [];
  const statuses = dataVolumes.map(
    ({ status }) => findCondition(status?.conditions, 'Ready')?.status ?? 'Unknown',
  );
  const worst = ['False', 'Unknown'].find((status) => statuses.includes(status));
  return withCondition<Condition>(
    conditions,
    worst === undefined
      ? {
          type: 'DataVolumesReady',
          status: 'True',
          reason: 'AllDVsReady',
          message: "All of the VMI's DVs are bound and not running",
        }
      : {
          type: 'DataVolumesReady',
          status: worst,
          reason: 'NotAllDVsReady',
          message: "Not all of the VMI's DVs are ready",
        },
    now,
  );
}
