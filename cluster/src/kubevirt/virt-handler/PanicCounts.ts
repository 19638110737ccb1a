import type { ObjectKey } from '../../client/KubeClient.ts';
import type { Guest, GuestEvent } from '../virt-launcher/GuestRuntime.ts';

type Panic = Extract<GuestEvent, { type: 'panicked' }>;

export interface PanicCount {
  namespace: string;
  name: string;
  kind: Panic['kind'];
  /** `0x7e`, or `unknown`. */
  code: string;
  total: number;
}

/** How often the guests of a node have panicked since the program began, also those that are gone. */
export class PanicCounts {
  readonly #counts = new Map<string, PanicCount>();

  follow(key: ObjectKey, guest: Guest): void {
    guest.subscribe((event) => {
      if (event.type === 'panicked') this.#count(key, event);
    });
  }

  #count({ namespace = '', name }: ObjectKey, { kind, code }: Omit<Panic, 'type'>): void {
    const text = code === 0 ? 'unknown' : `0x${code.toString(16)}`;
    const key = [namespace, name, kind, text].join('/');
    const total = (this.#counts.get(key)?.total ?? 0) + 1;
    this.#counts.set(key, { namespace, name, kind, code: text, total });
  }

  list(): PanicCount[] {
    return [...this.#counts.values()];
  }
}
