import { apiVersion, virtualMachineClones } from '~/k8s/models';

/** What is to be cloned, and to what. */
export interface CloneOrder {
  namespace: string;
  source: { kind: 'VirtualMachine' | 'VirtualMachineSnapshot'; name: string };
  target: string;
  /** Let it run as soon as it is there. */
  start: boolean;
}

const groups = {
  VirtualMachine: 'kubevirt.io',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io',
} as const;

/** The new VM is stopped unless its run strategy is given (pkg/storage/snapshot/restore.go at d923fdb). */
const started = JSON.stringify({ op: 'add', path: '/spec/runStrategy', value: 'Always' });

/** The VirtualMachineClone of an order. The claims of the new VM begin with its name. */
export function cloneManifest({ namespace, source, target, start }: CloneOrder) {
  return {
    apiVersion: apiVersion(virtualMachineClones),
    kind: virtualMachineClones.kind,
    metadata: { generateName: `${target.slice(0, 50)}-`, namespace },
    spec: {
      source: { apiGroup: groups[source.kind], kind: source.kind, name: source.name },
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: target },
      volumeNamePolicy: 'PrefixTargetName',
      ...(start && { patches: [started] }),
    },
  };
}
