import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { VmAction } from '~/kubevirt/vmCan';
import type { DataVolumeRow } from '~/kubevirt/vmDisks';
import type { EventRow } from '~/kubevirt/vmEvents';
import type { RestoreRow } from '~/kubevirt/vmSnapshots';
import type { ClaimRow, PodRow } from './rows';

/** What is known of a VM and of what it depends on; a list knows the VM alone. */
export interface Situation {
  vm: Pick<V1VirtualMachine, 'metadata' | 'status'> & { spec?: V1VirtualMachine['spec'] };
  vmi?: V1VirtualMachineInstance | undefined;
  /** About the VM, its instance, pods and volumes; newest first. */
  events?: readonly EventRow[];
  dataVolumes?: readonly DataVolumeRow[];
  /** Claims of its disks. */
  claims?: readonly ClaimRow[];
  /** Its launcher pods. */
  pods?: readonly PodRow[];
  /** Of its snapshots. */
  restores?: readonly RestoreRow[];
}

/** Where a rule's fix is to be had; labels are i18n keys. */
export type WhyFix =
  | { kind: 'tab'; tab: 'configuration' | 'disks' | 'snapshots' | 'diagnostics'; label: string }
  | { kind: 'action'; action: VmAction; label: string }
  // Other pages of the console are not ours to know. `{{namespace}}` is that of the VM.
  | { kind: 'command'; command: string; label: string };

/** What a rule finds: the server's own reason and message. */
export interface Finding {
  reason: string;
  /** Empty when the server gave none. */
  message: string;
  /** For the sentence. */
  values?: Readonly<Record<string, string>>;
}

export interface WhyRule {
  id: string;
  /** One sentence, an i18n key. */
  sentence: string;
  /** What to do about it, an i18n key. */
  advice: string;
  tone: 'danger' | 'warning' | 'info';
  fix: WhyFix;
  find: (situation: Situation) => Finding | undefined;
}

export interface WhyCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** The condition of a type that has this status; those of the VM include those of its instance. */
export function conditionOf(
  { vm, vmi }: Situation,
  type: string,
  status: 'True' | 'False',
): WhyCondition | undefined {
  const all: readonly WhyCondition[] = [
    ...(vm.status?.conditions ?? []),
    ...(vmi?.status?.conditions ?? []),
  ];
  return all.find((one) => one.type === type && one.status === status);
}

/** A finding from a condition, when its reason or message matches. */
export function fromCondition(
  situation: Situation,
  type: string,
  status: 'True' | 'False',
  match: { reason?: RegExp; message?: RegExp } = {},
): Finding | undefined {
  const condition = conditionOf(situation, type, status);
  if (condition === undefined) return undefined;
  const { reason = '', message = '' } = condition;
  if (match.reason && !match.reason.test(reason)) return undefined;
  const found = match.message ? match.message.exec(message) : undefined;
  if (found === null) return undefined;
  return { reason: reason || type, message, ...(found?.groups && { values: found.groups }) };
}

/** How long an event counts as the present state, in milliseconds: back-off goes up to five minutes. */
const recent = 10 * 60_000;

/** A finding from the newest event of these reasons that is not outdated. */
export function fromEvent(
  { events = [] }: Situation,
  reasons: readonly string[],
  message?: RegExp,
): Finding | undefined {
  const newest = Date.parse(events[0]?.lastSeen ?? '');
  for (const event of events) {
    // Some that say what is wrong are no warnings: FailedBinding, NodeUnresponsive.
    if (!reasons.includes(event.reason)) continue;
    if (newest - Date.parse(event.lastSeen) > recent) return undefined;
    const found = message ? message.exec(event.message) : undefined;
    if (found === null) continue;
    const values = { name: event.name, ...found?.groups };
    return { reason: event.reason, message: event.message, values };
  }
  return undefined;
}
