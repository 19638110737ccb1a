import { Button, Tooltip } from '@patternfly/react-core';
import PencilAltIcon from '@patternfly/react-icons/dist/esm/icons/pencil-alt-icon';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  /** May have several lines; empty shows a dash. */
  value: string;
  /** Why it cannot be changed. */
  disabledReason?: string | undefined;
  /** Without it the value is for reading only. */
  onEdit?: () => void;
}

/** A term, its value, and a pencil that opens the dialog where it is changed. */
export function EditableValue({ label, value, disabledReason, onEdit }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const pencil = onEdit && (
    <Button
      variant="plain"
      size="sm"
      icon={<PencilAltIcon />}
      aria-label={t('Edit {{label}}', { label })}
      isAriaDisabled={disabledReason !== undefined}
      onClick={onEdit}
    />
  );
  return (
    <div className="vd-setting">
      <dt>{label}</dt>
      <dd>
        <span className="vd-setting-value">
          {value === '' ? <span className="vd-subtle">–</span> : value}
        </span>
        {pencil && disabledReason !== undefined ? (
          <Tooltip content={disabledReason}>{pencil}</Tooltip>
        ) : (
          pencil
        )}
      </dd>
    </div>
  );
}
