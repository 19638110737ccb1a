import type { VirtualMachineInstance } from '../../resources.ts';
import { type Condition, withCondition, withoutCondition } from '../conditions.ts';

/** The conditions with EvictionRequested as long as the VMI is marked to leave its node. */
export function withEviction(
  { status }: VirtualMachineInstance,
  conditions: readonly Condition[],
  now: string,
): Condition[] {
  const type = 'EvictionRequested';
  if (!status?.evacuationNodeName) return withoutCondition(conditions, type);
  const message = `VMI is asked to leave node ${status.evacuationNodeName}`;
  return withCondition(conditions, { type, status: 'True', reason: type, message }, now);
}
