import { Button } from '@patternfly/react-core';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { objectDelete } from '~/api/objects';
import { toFailure } from '~/k8s/errors';
import { canCancel, type TaskRow } from '~/kubevirt/taskRow';
import { dialogOpen } from '~/ui/dialogs';
import { toastAdd } from '~/ui/toasts';

import { taskModel } from './taskSources';
import { useTaskTitles } from './useTaskTitles';

// Needed only once it is opened.
const TaskLogDialog = lazy(() =>
  import('./TaskLogDialog').then((module) => ({ default: module.TaskLogDialog })),
);

function logOpen(task: TaskRow): void {
  dialogOpen((close) => <TaskLogDialog task={task} onClose={close} />);
}

/** What can be done about something that is under way. */
export function TaskTools({ task }: { task: TaskRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const titles = useTaskTitles();
  const [isCancelling, setCancelling] = useState(false);
  const cancel = async () => {
    setCancelling(true);
    try {
      // What stands for it goes, and so it ends; see `canCancel`.
      await objectDelete(taskModel(task.kind), task);
    } catch (error) {
      setCancelling(false);
      const title = t('{{task}} of {{name}} could not be cancelled', {
        task: titles[task.kind],
        name: task.target,
      });
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  return (
    <>
      <Button variant="link" isInline onClick={() => logOpen(task)}>
        {t('Log')}
      </Button>{' '}
      {canCancel(task) ? (
        <Button variant="link" isInline isDisabled={isCancelling} onClick={() => void cancel()}>
          {t('Cancel')}
        </Button>
      ) : null}
    </>
  );
}
