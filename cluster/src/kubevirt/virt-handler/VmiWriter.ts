import { hasReason } from '../../apiserver/ApiError.ts';
import { jsonEqual } from '../../apiserver/json.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type VirtualMachineInstance, virtualMachineInstances } from '../resources.ts';

export type VmiKey = VirtualMachineInstance['metadata'];
export type VmiStatus = NonNullable<VirtualMachineInstance['status']>;

/** Changes the newest state of a VMI; one that others changed meanwhile is read again. */
export class VmiWriter {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Gives the VMI as written; undefined when there was nothing to change or it is gone. */
  async change(
    key: VmiKey,
    change: (vmi: VirtualMachineInstance) => VirtualMachineInstance | undefined,
  ): Promise<VirtualMachineInstance | undefined> {
    for (;;) {
      try {
        const vmi = await this.#client.get(virtualMachineInstances, key);
        const next = vmi.metadata.uid === key.uid ? change(vmi) : undefined;
        if (!next || jsonEqual(next, vmi)) return undefined;
        return await this.#client.update(virtualMachineInstances, next);
      } catch (error) {
        if (hasReason(error, 'NotFound')) return undefined;
        if (!hasReason(error, 'Conflict')) throw error;
      }
    }
  }

  /**
   * Like `status`, for who looks again whenever the VMI changes: while it is as wanted, as far as is known here, it is
   * not read anew.
   */
  async settle(
    known: VirtualMachineInstance,
    change: (vmi: VirtualMachineInstance) => VmiStatus | undefined,
  ): Promise<void> {
    const status = change(known);
    if (status && !jsonEqual(status, known.status)) await this.status(known.metadata, change);
  }

  async status(
    key: VmiKey,
    change: (vmi: VirtualMachineInstance) => VmiStatus | undefined,
  ): Promise<void> {
    await this.change(key, (vmi) => {
      const status = change(vmi);
      return status && { ...vmi, status };
    });
  }
}
