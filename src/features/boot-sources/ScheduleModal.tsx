import { Alert, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { importScheduleSet } from '~/api/importCrons';
import { useErrorText } from '~/api/useErrorText';
import { type ImportCronRow, isSchedule } from '~/kubevirt/importCrons';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

/** Changes when a boot source is looked at for a new image. */
export function ScheduleModal({ cron, onClose }: { cron: ImportCronRow; onClose: () => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [schedule, setSchedule] = useState(cron.schedule);
  const isGood = isSchedule(schedule);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await importScheduleSet(cron, schedule.trim());
      toastAdd({ tone: 'success', title: t('Saved {{name}}', { name: cron.name }) });
    },
    onClose,
  );
  return (
    <FormModal
      title={t('Schedule of {{name}}', { name: cron.name })}
      description={t(
        'The cluster lets nothing be changed in it: it is made anew, and asks for a new image at once.',
      )}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitDisabledReason={
        schedule.trim() === cron.schedule ? t('Nothing is changed.') : undefined
      }
      submitError={submitError}
      onSubmit={() => (isGood ? submit() : undefined)}
      onCancel={onClose}
    >
      <ManagerAlert cron={cron} />
      <FieldGroup
        label={t('Schedule')}
        fieldId="vd-schedule"
        help={t('Minute, hour, day, month, weekday; UTC.')}
        error={
          isGood ? undefined : t('Give the five fields of cron: minute, hour, day, month, weekday.')
        }
      >
        <TextInput
          id="vd-schedule"
          autoComplete="off"
          value={schedule}
          validated={isGood ? 'default' : 'error'}
          aria-describedby="vd-schedule-help"
          onChange={(_event, text) => setSchedule(text)}
        />
      </FieldGroup>
    </FormModal>
  );
}

/** Says who would take it back, and what goes meanwhile. */
export function ManagerAlert({ cron }: { cron: ImportCronRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = [
    cron.manager === ''
      ? ''
      : t('It comes from {{vendor}}, which may make it again.', { vendor: cron.manager }),
    cron.takesImages ? t('Its images go with it.') : '',
  ].filter(Boolean);
  return texts.length === 0 ? null : (
    <Alert isInline isPlain component="h3" variant="warning" title={texts.join(' ')} />
  );
}
