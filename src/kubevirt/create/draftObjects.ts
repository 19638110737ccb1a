import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { parse } from 'yaml';

import { isRecord } from '~/k8s/isRecord';
import { secrets, services, virtualMachineClones, virtualMachines } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import type { NewObject } from '~/kubevirt/create/NewObject';
import { cloneManifest } from '~/kubevirt/vmClone';
import {
  cloudInitSecretName,
  draftVm,
  needsSecret,
  sysprepSecretName,
} from '~/kubevirt/create/draftVm';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';
import { vmService } from '~/kubevirt/vmService';

/**
 * The objects of a draft in the order in which they are made: Secrets, Services, and what a template has,
 * before the VMs that they are for.
 */
export function draftObjects(draft: VmDraft): NewObject[] {
  if (draft.copy) return draftNames(draft).map((name) => copyObject(draft, name));
  if (draft.yaml !== undefined) {
    const object = yamlVm(draft.yaml, draft.namespace);
    const name = object.metadata?.name ?? '';
    // Those that were made for the form, as far as the YAML still names them.
    const named = draftSecrets(draft, name).filter((one) =>
      JSON.stringify(object.spec).includes(`"${one.object.metadata?.name ?? ''}"`),
    );
    return [
      ...draft.also,
      ...named,
      ...draftServices(draft, name),
      { model: virtualMachines, object },
    ];
  }
  return [
    ...draft.also,
    ...draftNames(draft).flatMap((name) => [
      ...draftSecrets(draft, name),
      ...draftServices(draft, name),
      { model: virtualMachines, object: draftVm(draft, name) },
    ]),
  ];
}

function draftServices({ namespace, services: wanted }: VmDraft, name: string): NewObject[] {
  return wanted.flatMap(({ port, type }) =>
    port === undefined
      ? []
      : [
          {
            ...{ model: services, ownerName: name },
            object: vmService({ namespace, name }, port, type),
          },
        ],
  );
}

function draftSecrets(draft: VmDraft, name: string): NewObject[] {
  return [
    ...(needsSecret(draft)
      ? [{ model: secrets, object: cloudInitSecret(draft, name), ownerName: name }]
      : []),
    ...(draft.sysprep.kind === 'typed'
      ? [{ model: secrets, object: sysprepSecret(draft, name), ownerName: name }]
      : []),
  ];
}

/**
 * A copy is the cluster's work: a VirtualMachineClone restores a snapshot, of its own when the source is
 * a VM, to a new VM with MAC addresses and a serial number of its own.
 */
function copyObject({ namespace, copy }: VmDraft, name: string): NewObject {
  const { kind = 'VirtualMachine', name: source = '', start = false } = copy ?? {};
  const memory = copy?.memory && toQuantity(toBytes(copy.memory));
  const order = { namespace, source: { kind, name: source }, target: name, start };
  return {
    model: virtualMachineClones,
    object: cloneManifest({ ...order, cores: copy?.cores, memory }),
  };
}

/** Windows looks for both names: the first when it is installed, the second when it is a sealed image. */
function sysprepSecret({ namespace, sysprep: { text } }: VmDraft, vmName: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: sysprepSecretName(vmName), namespace },
    type: 'Opaque',
    stringData: { 'autounattend.xml': text, 'unattend.xml': text },
  };
}

function cloudInitSecret({ namespace, userData, networkData }: VmDraft, vmName: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: cloudInitSecretName(vmName), namespace },
    type: 'Opaque',
    stringData: {
      ...(userData !== '' && { userdata: userData }),
      ...(networkData !== '' && { networkdata: networkData }),
    },
  };
}

/** The VM that somebody wrote, in the draft's project. Throws with the parser's words, or ours. */
export function yamlVm(text: string, namespace: string): V1VirtualMachine {
  const found: unknown = parse(text);
  if (!isRecord(found) || found['kind'] !== 'VirtualMachine' || !isRecord(found['spec'])) {
    throw new Error('This is not one VirtualMachine with a spec.');
  }
  const metadata = isRecord(found['metadata']) ? found['metadata'] : {};
  // The parse boundary: the server's own validation decides about everything within.
  return { ...found, metadata: { ...metadata, namespace } } as unknown as V1VirtualMachine;
}
