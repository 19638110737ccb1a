import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { type ObjectRef, objectsDelete } from '~/api/objects';
import { FailureError, ownFailure } from '~/k8s/errors';
import type { Model } from '~/k8s/models';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';

interface Props<Row extends ObjectRef> {
  rows: readonly Row[];
  modelOf: (row: Row) => Model;
  title: string;
  /** Names of what uses them, and what becomes of it; undefined when that may not be seen. */
  users: readonly string[] | undefined;
  usersText: string;
  noUsersText: string;
  /** Something else to be known before. */
  warning?: string | undefined;
  onDeleted?: () => void;
  onClose: () => void;
}

/** Asks before one or several objects are deleted, and names what uses them. */
export function DeleteModal<Row extends ObjectRef>(props: Props<Row>) {
  const { t } = useTranslation('plugin__virtdeck');
  const { rows, users, onClose } = props;
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      const refusals = await objectsDelete(rows, props.modelOf);
      const gone = rows.length - refusals.length;
      if (gone > 0) {
        const name = rows.map((row) => row.name)[0] ?? '';
        const title =
          rows.length === 1
            ? t('Deleted {{name}}', { name })
            : t('Deleted {{count}}', { count: gone });
        toastAdd({ tone: 'success', title });
      }
      if (refusals.length === 0) {
        props.onDeleted?.();
        return;
      }
      const details = refusals.map(({ row, detail }) => `${row.name}: ${detail}`).join('\n');
      throw new FailureError(ownFailure('Something went wrong', details));
    },
    onClose,
  );
  return (
    <FormModal
      size="small"
      isDanger
      title={props.title}
      submitLabel={t('Delete')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={submit}
      onCancel={onClose}
    >
      {rows.length > 1 ? <Names names={rows.map(({ name }) => name)} /> : null}
      {props.warning === undefined ? null : (
        <Alert isInline isPlain component="h2" variant="warning" title={props.warning} />
      )}
      {users === undefined ? (
        <p>{t('You may not see which virtual machines use it.')}</p>
      ) : users.length === 0 ? (
        <p>{props.noUsersText}</p>
      ) : (
        <>
          <p>{props.usersText}</p>
          <Names names={users} />
        </>
      )}
    </FormModal>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <ul className="vd-names">
      {names.map((name) => (
        <li key={name} className="vd-server-text">
          {name}
        </li>
      ))}
    </ul>
  );
}
