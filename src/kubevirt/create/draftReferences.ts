import {
  configMaps,
  dataSources,
  dataVolumes,
  type Model,
  networkAttachmentDefinitions,
  persistentVolumeClaims,
  priorityClasses,
  secrets,
  storageClasses,
  virtualMachines,
  virtualMachineSnapshots,
  volumeSnapshots,
} from '~/k8s/models';
import type { Problem, Step } from '~/kubevirt/create/draftProblems';
import { type DraftDisk, isMade, type VmDraft } from '~/kubevirt/create/vmDraft';

/** An object that a draft names and does not make, and where the draft does so. */
export interface Reference {
  model: Model;
  /** Undefined of what belongs to no project. */
  namespace: string | undefined;
  name: string;
  step: Step;
  field: string;
}

/**
 * What has to be there for the VM to come to run. Most of it nobody asks for when the VM is created
 * (KubeVirt checks instance types, preferences and the right to clone): it would wait for ever. Another
 * project, or somebody who deletes it meanwhile, is enough for that.
 */
export function draftReferences(draft: VmDraft): Reference[] {
  const { namespace, copy, template, yaml, sysprep } = draft;
  if (template !== undefined || yaml !== undefined) return [];
  const here = (model: Model, name: string, step: Step, field: string): Reference[] =>
    name === '' ? [] : [{ model, namespace, name, step, field }];
  const anywhere = (model: Model, name: string, step: Step, field: string): Reference[] =>
    name === '' ? [] : [{ model, namespace: undefined, name, step, field }];
  if (copy) {
    const model = copy.kind === 'VirtualMachine' ? virtualMachines : virtualMachineSnapshots;
    return here(model, copy.name, 'source', 'copy');
  }
  const answers = { ConfigMap: configMaps, Secret: secrets };
  return [
    ...draft.disks.flatMap((disk, index) => [
      ...sourceOf(disk, namespace).map((found) => ({
        ...found,
        step: index === 0 ? ('source' as const) : ('storage' as const),
        field: `disk-${index}-source`,
      })),
      ...(isMade(disk)
        ? anywhere(storageClasses, disk.storageClass, 'storage', `disk-${index}-class`)
        : []),
    ]),
    ...draft.nics.flatMap(({ network }, index) => {
      if (network === 'pod') return [];
      const [of, name] = network.includes('/') ? network.split('/') : [namespace, network];
      return here(networkAttachmentDefinitions, name ?? '', 'network', `nic-${index}-network`).map(
        (found) => ({ ...found, namespace: of }),
      );
    }),
    ...here(secrets, draft.sshSecret, 'initialisation', 'sshSecret'),
    ...(sysprep.kind === 'ConfigMap' || sysprep.kind === 'Secret'
      ? here(answers[sysprep.kind], sysprep.name, 'initialisation', 'sysprep')
      : []),
    ...anywhere(priorityClasses, draft.priorityClass, 'scheduling', 'priority'),
  ];
}

const sourceModels = {
  dataSource: dataSources,
  clone: persistentVolumeClaims,
  snapshot: volumeSnapshots,
  dataVolume: dataVolumes,
  claim: persistentVolumeClaims,
  configMap: configMaps,
  secret: secrets,
} as const;

function sourceOf({ source }: DraftDisk, project: string) {
  if (!('name' in source) || source.name === '') return [];
  const namespace = 'namespace' in source ? source.namespace : project;
  return [{ model: sourceModels[source.kind], namespace, name: source.name }];
}

const texts = {
  project: 'Project {{namespace}} has no {{kind}} {{name}}.',
  cluster: 'The cluster has no {{kind}} {{name}}.',
} as const;

/** What keeps a draft from being created, when an object that it names is not there. */
export function referenceProblem({ model, namespace, name, step, field }: Reference): Problem {
  const { kind } = model;
  return namespace === undefined
    ? { step, field, text: texts.cluster, values: { kind, name } }
    : { step, field, text: texts.project, values: { namespace, kind, name } };
}

/** The draft in another project. What a template makes beside the VM moves along; all else stays as it was chosen. */
export function withProject(draft: VmDraft, namespace: string): VmDraft {
  return {
    ...draft,
    namespace,
    also: draft.also.map((one) =>
      one.object.metadata?.namespace === draft.namespace
        ? { ...one, object: { ...one.object, metadata: { ...one.object.metadata, namespace } } }
        : one,
    ),
  };
}
