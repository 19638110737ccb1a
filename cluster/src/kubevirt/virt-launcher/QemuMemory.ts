import { setTimeout as sleep } from 'node:timers/promises';

import type { GuestMemory } from './GuestRuntime.ts';
import type { Qmp } from './Qmp.ts';

const pollMs = 100;

/** The memory of a guest that runs. */
export class QemuMemory implements GuestMemory {
  readonly #qmp: Qmp;

  constructor(qmp: Qmp) {
    this.#qmp = qmp;
  }

  async dump(path: string): Promise<void> {
    const how = { paging: false, protocol: `file:${path}`, detach: true, format: 'elf' };
    await this.#qmp.execute('dump-guest-memory', how);
    for (;;) {
      // Rejects when the guest has ended meanwhile.
      const { status } = (await this.#qmp.execute('query-dump')) as { status: string };
      if (status === 'completed') return;
      if (status !== 'active') throw new Error(`the dump of the memory ended as ${status}`);
      await sleep(pollMs);
    }
  }
}
