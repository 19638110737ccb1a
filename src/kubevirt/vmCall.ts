import {
  apiVersion,
  type Model,
  resourcePath,
  virtualMachineActions,
  virtualMachineClones,
  virtualMachineExports,
  virtualMachineInstanceActions,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
  virtualMachines,
  virtualMachineSnapshots,
} from '~/k8s/models';
import { isRecord } from '~/k8s/isRecord';
import type { PatchOperation } from '~/k8s/jsonPatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { shellQuote } from '~/k8s/shellQuote';

/** Address of a VirtualMachine; its VirtualMachineInstance has the same. */
export type VmRef = {
  namespace: string;
  name: string;
  /** It is an instance that has no VirtualMachine. */
  isInstance?: true;
};

/** What is done to a VM, with all that it needs to be told. */
export type VmOperation =
  | { action: 'start' | 'startPaused' | 'stop' | 'forceStop' | 'restart' }
  | { action: 'pause' | 'unpause' | 'reset' | 'softReboot' }
  /** `node` undefined: the scheduler chooses. */
  | { action: 'migrate'; node?: string | undefined }
  /** Name of the VirtualMachineInstanceMigration. */
  | { action: 'cancelMigration'; migration: string }
  /** `claim`: where the guest's memory is written to. */
  | { action: 'memoryDump'; claim: string }
  | { action: 'removeMemoryDump' }
  | { action: 'delete' }
  /** RFC 6902, built by `vmPatches`. */
  | { action: 'edit'; patch: readonly PatchOperation[] };

/** A request to the API server. */
export interface KubernetesCall {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
}

/** Where an action is sent, and so what has to be allowed and offered for it. */
export interface CallTarget {
  model: Model;
  subresource?: string;
  verb: 'update' | 'delete' | 'patch' | 'get' | 'create';
}

/** By action; sources at `vmCan`. Migration: pkg/virt-api/rest/migrate.go at d923fdb. */
export const callTargets = {
  start: { model: virtualMachineActions, subresource: 'start', verb: 'update' },
  startPaused: { model: virtualMachineActions, subresource: 'start', verb: 'update' },
  stop: { model: virtualMachineActions, subresource: 'stop', verb: 'update' },
  forceStop: { model: virtualMachineActions, subresource: 'stop', verb: 'update' },
  restart: { model: virtualMachineActions, subresource: 'restart', verb: 'update' },
  pause: { model: virtualMachineInstanceActions, subresource: 'pause', verb: 'update' },
  unpause: { model: virtualMachineInstanceActions, subresource: 'unpause', verb: 'update' },
  reset: { model: virtualMachineInstanceActions, subresource: 'reset', verb: 'update' },
  softReboot: { model: virtualMachineInstanceActions, subresource: 'softreboot', verb: 'update' },
  migrate: { model: virtualMachineActions, subresource: 'migrate', verb: 'update' },
  cancelMigration: { model: virtualMachineInstanceMigrations, verb: 'delete' },
  delete: { model: virtualMachines, verb: 'delete' },
  edit: { model: virtualMachines, verb: 'patch' },
  memoryDump: { model: virtualMachineActions, subresource: 'memorydump', verb: 'update' },
  removeMemoryDump: {
    model: virtualMachineActions,
    subresource: 'removememorydump',
    verb: 'update',
  },
  clone: { model: virtualMachineClones, verb: 'create' },
  snapshot: { model: virtualMachineSnapshots, verb: 'create' },
  export: { model: virtualMachineExports, verb: 'create' },
  openConsole: { model: virtualMachineInstanceActions, subresource: 'vnc', verb: 'get' },
  copySsh: { model: virtualMachineInstanceActions, subresource: 'portforward', verb: 'get' },
} as const satisfies Record<string, CallTarget>;

/** What is done to an instance without a VM otherwise than to a VM. */
const instanceTargets: Partial<Record<keyof typeof callTargets, CallTarget>> = {
  migrate: { model: virtualMachineInstanceMigrations, verb: 'create' },
  delete: { model: virtualMachineInstances, verb: 'delete' },
};

/** Where an action on this one is sent. */
export function callTarget(
  { isInstance }: Pick<VmRef, 'isInstance'>,
  action: keyof typeof callTargets,
): CallTarget {
  return (isInstance ? instanceTargets[action] : undefined) ?? callTargets[action];
}

const hostname = 'kubernetes.io/hostname';

function bodyOf(operation: VmOperation): unknown {
  switch (operation.action) {
    case 'startPaused':
      return { paused: true };
    case 'forceStop':
      return { gracePeriod: 0 };
    case 'migrate':
      return operation.node === undefined
        ? {}
        : { addedNodeSelector: { [hostname]: operation.node } };
    case 'edit':
      return operation.patch;
    case 'memoryDump':
      return { claimName: operation.claim };
    case 'cancelMigration':
    case 'delete':
      return undefined;
    case 'start':
    case 'stop':
    case 'restart':
    case 'pause':
    case 'unpause':
    case 'reset':
    case 'softReboot':
    case 'removeMemoryDump':
      return {};
  }
}

const methods = { update: 'PUT', patch: 'PATCH', delete: 'DELETE', create: 'POST' } as const;

/** The migration of an instance without a VM (virtctl migrate sends the same for a VM's). */
function migrationOf({ name, namespace }: VmRef, node: string | undefined): unknown {
  return {
    apiVersion: apiVersion(virtualMachineInstanceMigrations),
    kind: virtualMachineInstanceMigrations.kind,
    metadata: { generateName: 'kubevirt-migrate-vm-', namespace },
    spec: {
      vmiName: name,
      ...(node === undefined ? {} : { addedNodeSelector: { [hostname]: node } }),
    },
  };
}

/** The request of an operation. */
export function vmCall(vm: VmRef, operation: VmOperation): KubernetesCall {
  const { namespace, name } = vm;
  const target = callTarget(vm, operation.action);
  if (vm.isInstance && operation.action === 'migrate') {
    const body = migrationOf(vm, operation.node);
    return { method: 'POST', path: resourcePath(target.model, { namespace }), body };
  }
  const isMigration = operation.action === 'cancelMigration';
  const path = resourcePath(target.model, {
    namespace,
    name: isMigration ? operation.migration : name,
    subresource: target.subresource,
  });
  const body = bodyOf(operation);
  const verb = target.verb === 'get' ? 'update' : target.verb;
  return { method: methods[verb], path, ...(body !== undefined && { body }) };
}

/** The same as a question: the server says whether it would do it, and does nothing. */
export function dryRunOf({ method, path, body }: KubernetesCall): KubernetesCall {
  // Subresources read it from the body, all else from the address (KubeVirt api/core/v1 types.go).
  if (method === 'PUT') {
    return { method, path, body: { ...(isRecord(body) && body), dryRun: ['All'] } };
  }
  return { method, path: `${path}?dryRun=All`, ...(body !== undefined && { body }) };
}

/** The request that makes an object. */
export function createCall(model: Model, object: KubernetesObject): KubernetesCall {
  const path = resourcePath(model, { namespace: object.metadata?.namespace });
  return { method: 'POST', path, body: object };
}

/** The same for a terminal. */
export function createCommand(object: KubernetesObject): string {
  return `kubectl create --filename - <<'EOF'\n${JSON.stringify(object, undefined, 2)}\nEOF`;
}

/** The same for a terminal, with virtctl where it has the command, else with kubectl. */
export function vmCommand(vm: VmRef, operation: VmOperation): string {
  const { namespace, name, isInstance } = vm;
  const at = `${shellQuote(name)} --namespace ${shellQuote(namespace)}`;
  switch (operation.action) {
    case 'start':
    case 'stop':
    case 'restart':
      return `virtctl ${operation.action} ${at}`;
    case 'startPaused':
      return `virtctl start ${at} --paused`;
    case 'forceStop':
      return `virtctl stop ${at} --grace-period 0 --force`;
    case 'pause':
    case 'unpause':
      return `virtctl ${operation.action} ${isInstance ? 'vmi' : 'vm'} ${at}`;
    case 'reset':
      return `virtctl reset ${at}`;
    case 'softReboot':
      return `virtctl soft-reboot ${at}`;
    case 'migrate':
      // virtctl migrates VMs alone.
      if (isInstance) {
        const manifest = JSON.stringify(migrationOf(vm, operation.node));
        return `printf '%s' ${shellQuote(manifest)} | kubectl create --filename -`;
      }
      return operation.node === undefined
        ? `virtctl migrate ${at}`
        : `virtctl migrate ${at} --addedNodeSelector ${shellQuote(`${hostname}=${operation.node}`)}`;
    case 'memoryDump':
      return `virtctl memory-dump get ${at} --claim-name ${shellQuote(operation.claim)}`;
    case 'removeMemoryDump':
      return `virtctl memory-dump remove ${at}`;
    case 'cancelMigration':
      return `virtctl migrate-cancel ${at}`;
    case 'delete':
      return `kubectl delete ${isInstance ? 'virtualmachineinstance' : 'virtualmachine'} ${at}`;
    case 'edit':
      return `kubectl patch virtualmachine ${at} --type json --patch ${shellQuote(JSON.stringify(operation.patch))}`;
  }
}

/** Logs in to the guest through the API server; the user has to be one of the guest's. */
export function sshCommand({ namespace, name, isInstance }: VmRef, user: string): string {
  const kind = isInstance ? 'vmi' : 'vm';
  return `virtctl ssh ${shellQuote(`${user}@${kind}/${name}`)} --namespace ${shellQuote(namespace)}`;
}
