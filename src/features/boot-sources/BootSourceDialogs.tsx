import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { bootSourceDefaultsSet, bootSourceDelete } from '~/api/bootSources';
import { useErrorText } from '~/api/useErrorText';
import type { BootSourceRow } from '~/kubevirt/bootSources';
import type { ImportCronRow } from '~/kubevirt/importCrons';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { ManagerAlert } from './ScheduleModal';
import { TypeFields } from './TypeFields';

interface Props {
  row: BootSourceRow;
  onClose: () => void;
}

/** Changes the instance type and the preference that new VMs of a boot source get. */
export function BootSourceDefaultsModal({ row, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { instancetype, preference } = row;
  const [types, setTypes] = useState({ instancetype, preference });
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    () => bootSourceDefaultsSet(row, types),
    onClose,
  );
  return (
    <FormModal
      title={t('Defaults of {{name}}', { name: row.name })}
      description={t('New virtual machines get them; those that are there stay as they are.')}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={submit}
      onCancel={onClose}
    >
      <TypeFields namespace={row.namespace} {...types} onChange={setTypes} />
    </FormModal>
  );
}

/** Asks before a boot source is deleted, and says which VMs were made from it. */
export function BootSourceDeleteModal({
  row,
  users,
  cron,
  onClose,
}: Props & { users: readonly string[]; cron: ImportCronRow | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [withImage, setWithImage] = useState(false);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await bootSourceDelete(row, { withImage, cron });
      toastAdd({ tone: 'success', title: t('Deleted {{name}}', { name: row.name }) });
    },
    onClose,
  );
  return (
    <FormModal
      size="small"
      isDanger
      title={t('Delete boot source {{name}}?', { name: row.name })}
      submitLabel={t('Delete')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={submit}
      onCancel={onClose}
    >
      {cron ? (
        <>
          <p>
            {t('What keeps it up to date goes too, or it would come back: {{name}}.', {
              name: `DataImportCron ${cron.name}`,
            })}
          </p>
          <ManagerAlert cron={cron} />
        </>
      ) : null}
      {users.length === 0 ? (
        <p>{t('No virtual machine that you can see was made from it.')}</p>
      ) : (
        <>
          <p>{t('These were made from it, and keep disks of their own:')}</p>
          <ul className="vd-names">
            {users.map((user) => (
              <li key={user}>{user}</li>
            ))}
          </ul>
        </>
      )}
      {row.claimName === '' ? null : (
        <Checkbox
          id="vd-with-image"
          label={t('Delete its image too: volume {{name}} in project {{project}}', {
            name: row.claimName,
            project: row.claimNamespace,
          })}
          isChecked={withImage}
          onChange={(_event, checked) => setWithImage(checked)}
        />
      )}
    </FormModal>
  );
}
