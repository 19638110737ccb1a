import { toastAdd } from './toasts';

interface Texts {
  copied: string;
  /** Shown below it: what was copied, or what it is for. */
  detail?: string;
  notCopied: string;
}

/** Puts a text on the user's clipboard, and tells how it went: browsers give it to secure pages only. */
export async function textCopy(text: string, { copied, detail, notCopied }: Texts): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toastAdd({ tone: 'success', title: copied, ...(detail !== undefined && { detail }) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    toastAdd({ tone: 'danger', title: notCopied, detail: why });
  }
}
