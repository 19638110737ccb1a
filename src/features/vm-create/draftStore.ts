import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { parseDraft } from '~/kubevirt/create/parseDraft';
import type { VmDraft } from '~/kubevirt/create/vmDraft';

const KEY = 'virtdeck.vm-draft';

/**
 * The draft of the wizard. The browser keeps it for this tab, over reloads and new logins; not for
 * longer, and not for other tabs, as there may be a password in it.
 */
class DraftStore {
  #draft: VmDraft | undefined = read();
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  getSnapshot = (): VmDraft | undefined => this.#draft;

  set(draft: VmDraft | undefined): void {
    this.#draft = draft;
    try {
      if (draft === undefined) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, JSON.stringify(draft));
    } catch {
      // A browser may refuse to keep anything: then the draft holds until the page is loaded anew.
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

function read(): VmDraft | undefined {
  try {
    return parseDraft(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
  } catch {
    // Not ours, or not allowed: the same as nothing.
    return undefined;
  }
}

export const draftStore = new DraftStore();

export function useDraft(): VmDraft | undefined {
  return useSyncExternalStore(draftStore.subscribe, draftStore.getSnapshot);
}
