import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { PatchOperation } from '~/k8s/jsonPatch';
import { patchMap } from '~/k8s/patchMap';
import type { RunStrategy } from '~/kubevirt/vmCan';
import { groupLabel, protectionLabel } from '~/kubevirt/vmRow';

type Texts = Readonly<Record<string, string>>;
type Metadata = Pick<V1VirtualMachine, 'metadata'>;

/** Labels and annotations as a user edited them. */
export function patchMetadata(
  { metadata }: Metadata,
  after: { labels: Texts; annotations: Texts },
): readonly PatchOperation[] {
  return [
    ...patchMap('/metadata/labels', metadata?.labels, after.labels),
    ...patchMap('/metadata/annotations', metadata?.annotations, after.annotations),
  ];
}

function patchLabel(
  { metadata }: Metadata,
  label: string,
  value: string | undefined,
): readonly PatchOperation[] {
  const { [label]: _before, ...others } = metadata?.labels ?? {};
  const after = value === undefined ? others : { ...others, [label]: value };
  return patchMap('/metadata/labels', metadata?.labels, after);
}

/** Puts a VM into a group; an empty name takes it out of its own. */
export function patchGroup(vm: Metadata, group: string): readonly PatchOperation[] {
  return patchLabel(vm, groupLabel, group === '' ? undefined : group);
}

/** Switches deletion protection; off removes the label. */
export function patchProtection(vm: Metadata, isProtected: boolean): readonly PatchOperation[] {
  return patchLabel(vm, protectionLabel, isProtected ? 'True' : undefined);
}

/** Sets the run strategy; a VM that still has the deprecated `running` loses it, as both are refused. */
export function patchRunStrategy(
  { spec }: V1VirtualMachine,
  strategy: RunStrategy,
): readonly PatchOperation[] {
  const { runStrategy, running } = spec;
  if (runStrategy === strategy) return [];
  return [
    ...(running === undefined
      ? []
      : ([
          { op: 'test', path: '/spec/running', value: running },
          { op: 'remove', path: '/spec/running' },
        ] as const)),
    ...(runStrategy === undefined
      ? []
      : ([{ op: 'test', path: '/spec/runStrategy', value: runStrategy }] as const)),
    { op: 'add', path: '/spec/runStrategy', value: strategy },
  ];
}
