import { type VmTask, vmTask, vmMigrationCancel } from '~/api/vms';
import { type VmListRow } from '~/kubevirt/vmListRow';
import { toastAdd } from '~/ui/toasts';
import type { Job } from '~/k8s/Jobs';

import type { PowerAction } from './useActionTexts';

/** A task of one of the actions that need to be told nothing more. */
export function powerTask(vm: VmListRow, action: PowerAction, node?: string): VmTask {
  if (action === 'cancelMigration') return vmTask(vm, vmMigrationCancel);
  return action === 'migrate' ? vmTask(vm, { action, node }) : vmTask(vm, { action });
}

type T = (key: string, values?: Record<string, unknown>) => string;

/** Tells how a job for many has ended. */
export function toastJob(t: T, { title, items }: Job): void {
  const failed = items.filter(({ state }) => state === 'failed');
  const cancelled = items.filter(({ state }) => state === 'cancelled');
  if (failed.length > 0) {
    const [first] = failed;
    toastAdd({
      tone: 'danger',
      title: t('{{title}}: {{failed}} of {{total}} failed', {
        title,
        failed: failed.length,
        total: items.length,
      }),
      detail: `${first?.name ?? ''}: ${first?.failure ? first.failure.detail : ''}`,
    });
    return;
  }
  toastAdd({
    tone: cancelled.length > 0 ? 'info' : 'success',
    title: t('{{title}}: {{done}} of {{total}} done', {
      title,
      done: items.length - cancelled.length,
      total: items.length,
    }),
  });
}
