import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { PatchOperation } from '~/k8s/jsonPatch';
import { patchMap } from '~/k8s/patchMap';
import { shellQuote } from '~/k8s/shellQuote';
import type { VmRef } from '~/kubevirt/vmCall';
import type { RunStrategy } from '~/kubevirt/vmCan';
import { patchGroup, patchProtection, patchRunStrategy } from '~/kubevirt/vmPatches';
import { groupLabel, protectionLabel } from '~/kubevirt/vmRow';

/** Keys that get a value, and keys that go. */
export interface PairsChange {
  set: Readonly<Record<string, string>>;
  remove: readonly string[];
}

/** The same change of any number of VMs, whatever each of them has now. */
export type VmChange =
  | { kind: 'metadata'; labels: PairsChange; annotations: PairsChange }
  /** Empty: out of its group. */
  | { kind: 'group'; group: string }
  | { kind: 'runStrategy'; strategy: RunStrategy }
  | { kind: 'protection'; isProtected: boolean };

function changed(before: Readonly<Record<string, string>> | undefined, change: PairsChange) {
  const kept = Object.entries(before ?? {}).filter(([key]) => !change.remove.includes(key));
  return { ...Object.fromEntries(kept), ...change.set };
}

/** The patch that makes a change of what one VM has now; empty when it has it already. */
export function patchChange(vm: V1VirtualMachine, change: VmChange): readonly PatchOperation[] {
  switch (change.kind) {
    case 'metadata': {
      const { labels, annotations } = vm.metadata ?? {};
      return [
        ...patchMap('/metadata/labels', labels, changed(labels, change.labels)),
        ...patchMap('/metadata/annotations', annotations, changed(annotations, change.annotations)),
      ];
    }
    case 'group':
      return patchGroup(vm, change.group);
    case 'runStrategy':
      return patchRunStrategy(vm, change.strategy);
    case 'protection':
      return patchProtection(vm, change.isProtected);
  }
}

function pairsCommand(what: 'label' | 'annotate', at: string, change: PairsChange): string[] {
  const words = [
    ...Object.entries(change.set).map(([key, value]) => shellQuote(`${key}=${value}`)),
    ...change.remove.map((key) => shellQuote(`${key}-`)),
  ];
  return words.length === 0
    ? []
    : [`kubectl ${what} virtualmachine ${at} --overwrite ${words.join(' ')}`];
}

/** The same for a terminal, a line a command; it needs not to know what the VM has now. */
export function changeCommand({ namespace, name }: VmRef, change: VmChange): string {
  const at = `${shellQuote(name)} --namespace ${shellQuote(namespace)}`;
  const label = (key: string, value: string | undefined) =>
    pairsCommand(
      'label',
      at,
      value === undefined ? { set: {}, remove: [key] } : { set: { [key]: value }, remove: [] },
    ).join('\n');
  switch (change.kind) {
    case 'metadata':
      return [
        ...pairsCommand('label', at, change.labels),
        ...pairsCommand('annotate', at, change.annotations),
      ].join('\n');
    case 'group':
      return label(groupLabel, change.group || undefined);
    case 'protection':
      return label(protectionLabel, change.isProtected ? 'True' : undefined);
    case 'runStrategy': {
      // `running` is the deprecated way to say the same, and both at once are refused.
      const patch = JSON.stringify({ spec: { runStrategy: change.strategy, running: null } });
      return `kubectl patch virtualmachine ${at} --type merge --patch ${shellQuote(patch)}`;
    }
  }
}

/** How many of the VMs have each label, `key=value`; those that most have first. */
export function labelCounts(
  vms: readonly { labels: readonly string[] }[],
): readonly { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { labels } of vms) {
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
