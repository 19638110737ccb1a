import { apiVersion, virtualMachineClones } from '~/k8s/models';

/** What is to be cloned, and to what. */
export interface CloneOrder {
  namespace: string;
  source: { kind: 'VirtualMachine' | 'VirtualMachineSnapshot'; name: string };
  target: string;
  /** Let it run as soon as it is there. */
  start: boolean;
  /** In place of what the source has, which has to have them: undefined leaves it. */
  cores?: number | undefined;
  /** A quantity. */
  memory?: string | undefined;
}

const groups = {
  VirtualMachine: 'kubevirt.io',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io',
} as const;

const domain = '/spec/template/spec/domain';

function patchesOf({ start, cores, memory }: CloneOrder): string[] {
  return [
    ...(start ? [started] : []),
    ...(cores === undefined ? [] : [replaced(`${domain}/cpu/cores`, cores)]),
    ...(memory === undefined ? [] : [replaced(`${domain}/memory/guest`, memory)]),
  ];
}

const replaced = (path: string, value: unknown) => JSON.stringify({ op: 'replace', path, value });

/** The new VM is stopped unless its run strategy is given (pkg/storage/snapshot/restore.go at d923fdb). */
const started = JSON.stringify({ op: 'add', path: '/spec/runStrategy', value: 'Always' });

/** The VirtualMachineClone of an order. The claims of the new VM begin with its name. */
export function cloneManifest(order: CloneOrder) {
  const { namespace, source, target } = order;
  const patches = patchesOf(order);
  return {
    apiVersion: apiVersion(virtualMachineClones),
    kind: virtualMachineClones.kind,
    metadata: { generateName: `${target.slice(0, 50)}-`, namespace },
    spec: {
      source: { apiGroup: groups[source.kind], kind: source.kind, name: source.name },
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: target },
      volumeNamePolicy: 'PrefixTargetName',
      ...(patches.length > 0 && { patches }),
    },
  };
}

/** The name of the VM that a VirtualMachineClone makes; empty for any other object. */
export function cloneTarget(object: object): string {
  const { spec } = object as { spec?: { target?: { name?: unknown } } };
  return typeof spec?.target?.name === 'string' ? spec.target.name : '';
}
