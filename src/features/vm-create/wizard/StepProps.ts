import type { VmDraft } from '~/kubevirt/create/vmDraft';

/** What each step of the wizard gets. */
export interface StepProps {
  draft: VmDraft;
  /** Takes some values over. */
  change: (part: Partial<VmDraft>) => void;
  /** What is wrong with a field, in words. */
  errorOf: (field: string) => string | undefined;
}
