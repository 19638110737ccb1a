import { guestRules, startRules } from './guest';
import { schedulingRules } from './scheduling';
import { type Finding, type Situation, type WhyFix, type WhyRule } from './Situation';
import { storageRules } from './storage';

/** In the order in which they are told: what stops it before what bothers it. */
export const whyRules: readonly WhyRule[] = [
  ...schedulingRules,
  ...storageRules,
  ...startRules,
  ...guestRules,
];

/** Why a VM is not what was asked for. Texts are i18n keys that take `values`. */
export interface Why {
  rule: string;
  tone: WhyRule['tone'];
  sentence: string;
  advice: string;
  /** The server's reason, a single word: `Unschedulable`. */
  reason: string;
  /** The server's message; empty when it gave none. */
  message: string;
  values: Readonly<Record<string, string>>;
  fix: WhyFix;
}

/** Rules that say in general what others say in particular. */
const general: Readonly<Record<string, readonly string[]>> = {
  unschedulable: schedulingRules.map(({ id }) => id),
  provisioningFailed: ['classMissing'],
  mountFailed: ['multiAttach', 'secretMissing'],
  imagePull: startRules.map(({ id }) => id),
  dataVolume: storageRules.map(({ id }) => id),
};

/** All that keeps a VM from being what was asked for, the worst first. */
export function vmWhys(situation: Situation): readonly Why[] {
  const whys: Why[] = [];
  const told = new Set<string>();
  for (const rule of whyRules) {
    const found: Finding | undefined = rule.find(situation);
    if (found === undefined) continue;
    // One message is explained once, by the rule that knows it best.
    const isToldBetter =
      (general[rule.id] ?? []).some((id) => whys.some((one) => one.rule === id)) ||
      (found.message !== '' && told.has(found.message));
    if (isToldBetter) continue;
    told.add(found.message);
    const { id, tone, sentence, advice, fix } = rule;
    const { reason, message, values = {} } = found;
    whys.push({ rule: id, tone, sentence, advice, reason, message, values, fix });
  }
  const weight = { danger: 0, warning: 1, info: 2 };
  return whys.sort((a, b) => weight[a.tone] - weight[b.tone]);
}

/** Conditions that are trouble when they have this status. */
const troubling = new Map([
  ['PodScheduled', 'False'],
  ['Synchronized', 'False'],
  ['AccessCredentialsSynchronized', 'False'],
  ['Failure', 'True'],
  ['ManualRecoveryRequired', 'True'],
  ['Paused', 'True'],
  ['AgentVersionNotSupported', 'True'],
]);

/**
 * The worst that a list can tell of a VM by itself; what waits only is no problem. Most of ten
 * thousand are well, and are seen to be without asking each rule.
 */
export function vmProblem(vm: Situation['vm']): Why | undefined {
  const { printableStatus = '', conditions = [] } = vm.status ?? {};
  const isTroubled =
    /Err|BackOff/.test(printableStatus) ||
    conditions.some(({ type, status }) => troubling.get(type) === status);
  if (!isTroubled) return undefined;
  return vmWhys({ vm }).find(({ tone }) => tone !== 'info');
}
