import { createHash } from 'node:crypto';

import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { ConfigSources } from '../virt-launcher/ConfigSources.ts';
import { agentCredentials } from '../virt-launcher/credentials.ts';
import type { Guest } from '../virt-launcher/GuestRuntime.ts';
import { messageOf } from '../../client/messageOf.ts';

interface Dependencies {
  sources: ConfigSources;
  recorder: EventRecorder;
}

export interface SyncResult {
  synchronized: boolean;
  message: string;
}

/**
 * Gives guests the keys and passwords of their `accessCredentials` by the guest agent, again when a Secret
 * changes. KubeVirt: pkg/virt-launcher/virtwrap/access-credentials (d923fdb).
 */
export class CredentialSync {
  readonly #is: Dependencies;
  /** What each guest was given last. */
  readonly #given = new WeakMap<Guest, string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Undefined when there is nothing to give, or no agent to give it to, or nothing new. */
  async sync(vmi: VirtualMachineInstance, guest: Guest): Promise<SyncResult | undefined> {
    const { agent } = guest;
    if (!agent || !vmi.spec.accessCredentials?.length) return undefined;
    try {
      const wanted = await agentCredentials(vmi, this.#is.sources);
      if (!wanted) return undefined;
      const digest = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
      if (this.#given.get(guest) === digest) return undefined;
      for (const [user, keys] of Object.entries(wanted.keys)) await agent.setSshKeys(user, keys);
      for (const [user, password] of Object.entries(wanted.passwords)) {
        await agent.setPassword(user, password);
      }
      this.#given.set(guest, digest);
      this.#is.recorder.normal(
        vmi,
        'AccessCredentialsSyncSuccess',
        'Access credentials sync successful.',
      );
      return { synchronized: true, message: '' };
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(
        vmi,
        'AccessCredentialsSyncFailed',
        `Access credentials resync failed: ${message}`,
      );
      return { synchronized: false, message };
    }
  }
}
