import type { LimitRange, PersistentVolumeClaim, Pod } from '../../client/resources.ts';
import { forbidden } from '../ApiError.ts';
import type { AdmissionContext } from '../ResourceDefinition.ts';
import { claimProblems, podProblems } from './checkLimitRange.ts';
import { setLimitRangeDefaults } from './limitRangeDefaults.ts';

const limitRanges = {
  group: '',
  version: 'v1',
  plural: 'limitranges',
  kind: 'LimitRange',
  namespaced: true,
} as const;

async function rangesFor({ client, namespace }: AdmissionContext): Promise<LimitRange[]> {
  // The parse boundary: what is stored under this name are limit ranges.
  return (await client.list(limitRanges, { namespace })).items as LimitRange[];
}

/** Fills in what a new pod leaves open by the limit ranges of its namespace. */
export async function applyLimitRanges(context: AdmissionContext<Pod>): Promise<void> {
  if (context.operation !== 'CREATE') return;
  setLimitRangeDefaults(context.object, await rangesFor(context));
}

/** 403 for a pod outside of a limit range; changes of a pod are not checked, its resources do not change. */
export async function requirePodInRange(context: AdmissionContext<Pod>): Promise<void> {
  if (context.operation !== 'CREATE') return;
  const ranges = await rangesFor(context);
  refuse(
    context,
    'pods',
    ranges.flatMap((range) => podProblems(context.object, range)),
  );
}

/** 403 for a claim outside of a limit range. */
export async function requireClaimInRange(
  context: AdmissionContext<PersistentVolumeClaim>,
): Promise<void> {
  if (context.operation === 'DELETE' || context.subresource !== '') return;
  const ranges = await rangesFor(context);
  refuse(
    context,
    'persistentvolumeclaims',
    ranges.flatMap((range) => claimProblems(context.object, range)),
  );
}

function refuse({ name }: AdmissionContext, plural: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const text = problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`;
  throw forbidden({ group: '', plural }, name, text);
}
