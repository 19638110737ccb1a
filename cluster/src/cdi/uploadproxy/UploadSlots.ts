import type { Readable } from 'node:stream';

/** Takes the bytes of one upload; resolves when the disk is whole. */
export type Receive = (image: Readable, bytes: number | undefined) => Promise<void>;

interface Slot {
  receive: Receive;
  busy: boolean;
  done: () => void;
  fail: (error: unknown) => void;
}

/** Somebody's place at the upload server of a claim. */
export interface Place {
  receive: Receive;
  /** Ends the server, as CDI's ends when it cannot process what it has taken and answered for already. */
  fail: (error: unknown) => void;
}

/** The claims that wait for an upload, each by its UID. */
export class UploadSlots {
  readonly #slots = new Map<string, Slot>();

  /** Takes uploads into a claim until one has succeeded; rejects when the signal is aborted. */
  async open(uid: string, receive: Receive, signal: AbortSignal): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
        this.#slots.set(uid, { receive, busy: false, done: resolve, fail: reject });
      });
    } finally {
      this.#slots.delete(uid);
    }
  }

  /** How to upload into a claim; `busy` while another upload comes in, undefined when none is awaited. */
  take(uid: string): Place | 'busy' | undefined {
    const slot = this.#slots.get(uid);
    if (!slot) return undefined;
    if (slot.busy) return 'busy';
    return {
      fail: slot.fail,
      receive: async (image, bytes) => {
        slot.busy = true;
        try {
          await slot.receive(image, bytes);
          slot.done();
        } finally {
          slot.busy = false;
        }
      },
    };
  }
}
