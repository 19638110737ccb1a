import { useTranslation } from 'react-i18next';

import { useErrorText } from '~/api/useErrorText';
import { vmDo, vmJob, type VmTask } from '~/api/vms';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { toastJob } from './runAction';

interface Dialog {
  onClose: () => void;
  /** Called once it is under way. */
  onDone?: () => void;
}

/** Does one task, and waits for it; or many, as a job. */
export function useTasks({ onClose, onDone }: Dialog, title: string, tasks: readonly VmTask[]) {
  const { t } = useTranslation('plugin__virtdeck');
  return useSubmit(
    useErrorText(),
    async () => {
      const [only] = tasks;
      if (tasks.length === 1 && only) {
        await vmDo(title, only);
        toastAdd({ tone: 'success', title: t('{{title}}: done', { title }) });
      } else {
        void vmJob(title, tasks).then((job) => toastJob((key, values = {}) => t(key, values), job));
      }
    },
    () => {
      onClose();
      onDone?.();
    },
  );
}
