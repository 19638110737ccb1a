import { hasReason } from '../../apiserver/ApiError.ts';
import { cloneRefusal, serviceAccount } from '../../cdi/cloneAccess.ts';
import { type DataVolume, dataVolumes } from '../../cdi/resources.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Draft, KubeClient } from '../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../client/resources.ts';
import type { VirtualMachine } from '../resources.ts';
import { serviceAccountOf } from '../serviceAccountName.ts';
import { messageOf } from '../../client/messageOf.ts';
import { dataVolumeOf, missingTemplates } from './templates.ts';

interface Dependencies {
  client: KubeClient;
  dataVolumes: Informer<DataVolume>;
  claims: Informer<PersistentVolumeClaim>;
  recorder: EventRecorder;
}

/** The condition Failure of a VM. */
export interface Failure {
  reason: string;
  message: string;
}

/**
 * The DataVolumes that a VM's templates ask for: made where they are missing, and told of where they fail. KubeVirt:
 * handleDataVolumes and validateDataVolume of pkg/virt-controller/watch/vm/vm.go (d923fdb).
 */
export class TemplateVolumes {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Gives why one could not be made. */
  async sync(vm: VirtualMachine): Promise<Failure | undefined> {
    const { namespace } = vm.metadata;
    const find = (name: string) => this.#is.dataVolumes.get({ namespace, name });
    for (const template of missingTemplates(vm, find)) {
      const failure = await this.#create(vm, dataVolumeOf(vm, template));
      if (failure) return failure;
    }
    for (const { metadata } of vm.spec.dataVolumeTemplates ?? []) {
      const made = find(metadata?.name ?? '');
      if (made) this.#tell(vm, made);
    }
    return undefined;
  }

  async #create(vm: VirtualMachine, draft: Draft<DataVolume>): Promise<Failure | undefined> {
    const { recorder, client } = this.#is;
    const { name = '' } = draft.metadata;
    this.#lookForSource(vm, draft);
    const refusal = await this.#refusal(vm, draft);
    if (refusal !== undefined) {
      const text = `Not authorized to create DataVolume ${name}: ${refusal}`;
      recorder.warning(vm, 'UnauthorizedDataVolumeCreate', text);
      return { reason: 'FailedCreate', message: `not authorized to create DataVolume: ${refusal}` };
    }
    try {
      await client.create(dataVolumes, draft);
      recorder.normal(vm, 'SuccessfulDataVolumeCreate', `Created DataVolume ${name}`);
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return undefined;
      const why = messageOf(error);
      const message = `Error creating DataVolume ${name}: ${why}`;
      recorder.warning(vm, 'FailedDataVolumeCreate', message);
      return { reason: 'FailedCreate', message };
    }
    return undefined;
  }

  #lookForSource(vm: VirtualMachine, { metadata, spec }: Draft<DataVolume>): void {
    const source = spec.source?.pvc;
    if (!source) return;
    const namespace = source.namespace || vm.metadata.namespace;
    if (this.#is.claims.get({ namespace, name: source.name })) return;
    const text = `Source PVC ${source.name} not available: Target PVC ${metadata.name ?? ''} will remain unpopulated until source is created`;
    // KubeVirt spells it so.
    this.#is.recorder.warning(vm, 'SourcePVCNotAvailabe', text);
  }

  /** What the VM's service account may clone may have changed since the VM was admitted. */
  #refusal(vm: VirtualMachine, { spec }: Draft<DataVolume>): Promise<string | undefined> {
    const { namespace = '' } = vm.metadata;
    const { spec: template } = vm.spec.template;
    const account = (template && serviceAccountOf(template)) ?? 'default';
    return cloneRefusal(this.#is.client, spec, namespace, serviceAccount(namespace, account));
  }

  #tell(vm: VirtualMachine, { metadata, status }: DataVolume): void {
    const tell = (text: string) =>
      this.#is.recorder.warning(
        vm,
        'FailedDataVolumeImport',
        `DataVolume ${metadata.name} ${text}`,
      );
    if (status?.phase === 'Failed') tell('failed to import disk image');
    const exceeds = status?.conditions?.some(({ reason }) => reason === 'ErrExceededQuota');
    if (status?.phase === 'Pending' && exceeds) tell('exceeds quota limits');
  }
}
