import type { Clock } from '../../../client/Clock.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { persistentVolumeClaims } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../resources.ts';
import { dumpAnnotation, dumpPhases, failedDump, withVolume } from './memoryDumpVolume.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  clock: Clock;
}

type Request = NonNullable<NonNullable<VirtualMachine['status']>['memoryDumpRequest']>;

/**
 * Brings the claim of a memory dump to the guest, has the dump written to it, and takes it away again. The
 * phases are in the VM's `status.memoryDumpRequest`. KubeVirt: pkg/storage/memorydump/memorydump.go (d923fdb).
 */
export class MemoryDumpController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const vm = this.#is.vms.get(key);
    const request = vm?.status?.memoryDumpRequest;
    if (!vm || !request || vm.metadata.deletionTimestamp) return;
    const vmi = this.#is.vmis.get(key);
    const { phase } = vmi?.status ?? {};
    const live = phase === 'Succeeded' || phase === 'Failed' ? undefined : vmi;
    if (request.remove) return this.#remove(vm, live, request);
    switch (request.phase) {
      case 'Associating':
        return this.#associate(vm, live, request);
      case 'InProgress':
        return this.#follow(vm, live, request);
      case 'Unmounting':
        return this.#unmount(vm, live, request);
      default:
    }
  }

  async #associate(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    request: Request,
  ): Promise<void> {
    if (!vmi) return this.#fail(vm, request, 'the virtual machine is not running');
    await this.#setVolume(vm, request.claimName, true);
    await this.#setInstanceVolume(vmi, request.claimName, true);
    const startTimestamp = timestamp(this.#is.clock.now());
    await this.#write(vm, { ...request, phase: 'InProgress', startTimestamp });
  }

  /** virt-handler writes the dump, and how it ended into the VMI. */
  async #follow(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    request: Request,
  ): Promise<void> {
    if (!vmi) return this.#fail(vm, request, 'the guest ended before its memory was dumped');
    const volume = vmi.status?.volumeStatus?.find(({ name }) => name === request.claimName);
    const { targetFileName, endTimestamp } = volume?.memoryDumpVolume ?? {};
    if (volume?.phase === dumpPhases.failed) {
      await this.#setInstanceVolume(vmi, request.claimName, false);
      return this.#fail(vm, request, volume.message ?? 'the dump failed');
    }
    if (volume?.phase !== dumpPhases.completed) return;
    await this.#setInstanceVolume(vmi, request.claimName, false);
    await this.#write(vm, {
      ...request,
      phase: 'Unmounting',
      ...(targetFileName && { fileName: targetFileName }),
      ...(endTimestamp && { endTimestamp }),
    });
  }

  async #unmount(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    request: Request,
  ): Promise<void> {
    if (vmi?.status?.volumeStatus?.some(({ name }) => name === request.claimName)) return;
    await this.#mark(vm, request, request.fileName ?? '');
    await this.#write(vm, { ...request, phase: 'Completed' });
  }

  async #remove(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    request: Request,
  ): Promise<void> {
    await this.#setVolume(vm, request.claimName, false);
    if (vmi) await this.#setInstanceVolume(vmi, request.claimName, false);
    if (vmi?.status?.volumeStatus?.some(({ name }) => name === request.claimName)) return;
    await this.#write(vm, null);
  }

  async #fail(vm: VirtualMachine, request: Request, message: string): Promise<void> {
    await this.#mark(vm, request, failedDump);
    const endTimestamp = timestamp(this.#is.clock.now());
    await this.#write(vm, { ...request, phase: 'Failed', message, endTimestamp });
  }

  async #mark({ metadata }: VirtualMachine, { claimName }: Request, text: string): Promise<void> {
    const body = { metadata: { annotations: { [dumpAnnotation]: text } } };
    const key = { namespace: metadata.namespace, name: claimName };
    await ignoreGone(this.#is.client.patch(persistentVolumeClaims, key, { type: 'merge', body }));
  }

  async #setVolume(vm: VirtualMachine, claim: string, wanted: boolean): Promise<void> {
    const { template } = vm.spec;
    const spec = template.spec && withVolume(template.spec, claim, wanted);
    if (!spec || spec === template.spec) return;
    await this.#is.client.patch(virtualMachines, vm.metadata, {
      type: 'merge',
      body: { spec: { template: { spec: { volumes: spec.volumes } } } },
    });
  }

  async #setInstanceVolume(
    vmi: VirtualMachineInstance,
    claim: string,
    wanted: boolean,
  ): Promise<void> {
    const spec = withVolume(vmi.spec, claim, wanted);
    if (spec === vmi.spec) return;
    // A conflict is tried again: the change is lost otherwise.
    await this.#is.client.update(virtualMachineInstances, { ...vmi, spec });
  }

  async #write({ metadata }: VirtualMachine, memoryDumpRequest: Request | null): Promise<void> {
    const patch = { type: 'merge', body: { status: { memoryDumpRequest } } } as const;
    await ignoreGone(
      this.#is.client.patch(virtualMachines, metadata, patch, { subresource: 'status' }),
    );
  }
}
