import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { parse } from 'yaml';

import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { type Model, secrets, virtualMachines } from '~/k8s/models';
import { cloudInitSecretName, draftVm, needsSecret } from '~/kubevirt/create/draftVm';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';

/** An object that is to be created. */
export interface NewObject {
  model: Model;
  object: KubernetesObject;
  /** Name of one made along whose property it becomes, to go with it. */
  ownerName?: string;
}

/** The objects of a draft in the order in which they are made: Secrets before the VMs that read them. */
export function draftObjects(draft: VmDraft): NewObject[] {
  if (draft.yaml !== undefined) {
    return [{ model: virtualMachines, object: yamlVm(draft.yaml, draft.namespace) }];
  }
  return draftNames(draft).flatMap((name) => [
    ...(needsSecret(draft)
      ? [{ model: secrets, object: cloudInitSecret(draft, name), ownerName: name }]
      : []),
    { model: virtualMachines, object: draftVm(draft, name) },
  ]);
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
