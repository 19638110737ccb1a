import { Button } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { FieldGroup } from '~/ui/FieldGroup';

interface Props<Row> {
  id: string;
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  rows: readonly Row[];
  /** What a row is called by a screen reader. */
  nameOf: (row: Row, index: number) => string;
  /** The fields of a row. */
  render: (row: Row, onChange: (row: Row) => void, index: number) => ReactNode;
  /** A button for each, and the row that it adds. */
  adders: readonly { label: string; row: Row }[];
  onChange: (rows: readonly Row[]) => void;
}

/** Some of the same kind, each with a few fields in a row; further ones are added by buttons. */
export function RowsField<Row>(props: Props<Row>) {
  const { id, label, help, error, rows, nameOf, render, adders, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <FieldGroup label={label} fieldId={id} role="group" help={help} error={error}>
      <div className="vd-rows">
        {rows.map((row, index) => (
          // Rows have no identity but their place.
          <div key={index} className="vd-row" role="group" aria-label={nameOf(row, index)}>
            <div className="vd-field-row">
              {render(
                row,
                (next) => onChange(rows.map((one, other) => (other === index ? next : one))),
                index,
              )}
            </div>
            <Button
              variant="link"
              isInline
              isDanger
              aria-label={t('Remove {{name}}', { name: nameOf(row, index) })}
              onClick={() => onChange(rows.filter((_one, other) => other !== index))}
            >
              {t('Remove')}
            </Button>
          </div>
        ))}
        <div className="vd-adders">
          {adders.map(({ label: text, row }) => (
            <Button
              key={text}
              variant="link"
              isInline
              icon={<PlusCircleIcon />}
              onClick={() => onChange([...rows, row])}
            >
              {text}
            </Button>
          ))}
        </div>
      </div>
    </FieldGroup>
  );
}
