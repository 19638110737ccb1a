import type {
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from '../../client/resources.ts';
import type { ResourceList } from '../../client/resources.ts';
import { type Amount, formatAmount, parseAmount } from '../quota/Amount.ts';
import { podResources } from '../quota/usageOf.ts';

/** What something asks for and may take at most. */
interface Asked {
  requests: ReadonlyMap<string, Amount>;
  limits: ReadonlyMap<string, Amount>;
}

/** Why a pod does not fit the range, in the words of Kubernetes' LimitRanger (1.33); empty when it fits. */
export function podProblems(pod: Pod, { spec }: LimitRange): string[] {
  return spec.limits.flatMap((item) => {
    if (item.type === 'Pod') {
      return problems(item, {
        requests: podResources(pod, 'requests'),
        limits: podResources(pod, 'limits'),
      });
    }
    if (item.type !== 'Container') return [];
    return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
      problems(item, {
        requests: amounts({ ...resources?.limits, ...resources?.requests }),
        limits: amounts(resources?.limits),
      }),
    );
  });
}

/** The same for a claim, which has requests alone. */
export function claimProblems(claim: PersistentVolumeClaim, { spec }: LimitRange): string[] {
  const requests = amounts(claim.spec.resources?.requests);
  return spec.limits.flatMap((item) =>
    item.type === 'PersistentVolumeClaim'
      ? problems(item, { requests, limits: requests }, true)
      : [],
  );
}

function amounts(list: ResourceList = {}): Map<string, Amount> {
  return new Map(
    Object.entries(list).flatMap(([name, text]) => {
      const amount = parseAmount(text);
      return amount === undefined ? [] : [[name, amount] as const];
    }),
  );
}

function problems(item: LimitRangeItem, asked: Asked, isClaim = false): string[] {
  const { type } = item;
  const found: string[] = [];
  for (const [name, bound] of amounts(item.min)) {
    const request = asked.requests.get(name);
    const limit = asked.limits.get(name);
    const text = `minimum ${name} usage per ${type} is ${formatAmount(bound)}`;
    if (request === undefined) found.push(`${text}.  No request is specified`);
    else if (request.milli < bound.milli) {
      found.push(`${text}, but request is ${formatAmount(request)}`);
    } else if (limit !== undefined && limit.milli < bound.milli) {
      found.push(`${text}, but limit is ${formatAmount(limit)}`);
    }
  }
  for (const [name, bound] of amounts(item.max)) {
    const request = asked.requests.get(name);
    const limit = asked.limits.get(name);
    const text = `maximum ${name} usage per ${type} is ${formatAmount(bound)}`;
    if (isClaim ? request === undefined : limit === undefined) {
      found.push(`${text}.  No ${isClaim ? 'request' : 'limit'} is specified`);
    } else if (!isClaim && limit !== undefined && limit.milli > bound.milli) {
      found.push(`${text}, but limit is ${formatAmount(limit)}`);
    } else if (request !== undefined && request.milli > bound.milli) {
      found.push(`${text}, but request is ${formatAmount(request)}`);
    }
  }
  for (const [name, bound] of amounts(item.maxLimitRequestRatio)) {
    const problem = ratioProblem(name, type, bound, asked);
    if (problem !== undefined) found.push(problem);
  }
  return found;
}

function ratioProblem(
  name: string,
  type: string,
  bound: Amount,
  { requests, limits }: Asked,
): string | undefined {
  const request = requests.get(name);
  const limit = limits.get(name);
  const text = `${name} max limit to request ratio per ${type} is ${formatAmount(bound)}`;
  if (request === undefined || request.milli === 0n) {
    return `${text}, but no request is specified or request is 0`;
  }
  if (limit === undefined || limit.milli === 0n) {
    return `${text}, but no limit is specified or limit is 0`;
  }
  const ratio = Number(limit.milli) / Number(request.milli);
  if (ratio <= Number(bound.milli) / 1000) return undefined;
  return `${text}, but provided ratio is ${ratio.toFixed(6)}`;
}
