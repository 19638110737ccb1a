import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { taskCancel } from '~/api/taskCancel';
import { toFailure } from '~/k8s/errors';
import { canCancel, type TaskRow } from '~/kubevirt/taskRow';
import { toastAdd } from '~/ui/toasts';

import { useTaskTitles } from './useTaskTitles';

/** What can be done about something that is under way. */
export function TaskTools({ task }: { task: TaskRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const titles = useTaskTitles();
  const [isCancelling, setCancelling] = useState(false);
  const cancel = async () => {
    setCancelling(true);
    try {
      await taskCancel(task);
    } catch (error) {
      setCancelling(false);
      const title = t('{{task}} of {{name}} could not be cancelled', {
        task: titles[task.kind],
        name: task.target,
      });
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  return canCancel(task) ? (
    <Button variant="link" isInline isDisabled={isCancelling} onClick={() => void cancel()}>
      {t('Cancel')}
    </Button>
  ) : null;
}
