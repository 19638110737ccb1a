import { Button, Checkbox } from '@patternfly/react-core';
import ArrowDownIcon from '@patternfly/react-icons/dist/esm/icons/arrow-down-icon';
import ArrowUpIcon from '@patternfly/react-icons/dist/esm/icons/arrow-up-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FormModal } from '~/ui/FormModal';

import { chosenColumns } from './columnChoice';
import type { VmColumn } from './vmColumns';

interface Props {
  columns: readonly VmColumn[];
  /** Identifiers; undefined for the default. */
  shown: readonly string[] | undefined;
  onSave: (shown: readonly string[] | undefined) => void;
  onClose: () => void;
}

interface Line {
  id: string;
  title: string;
  isShown: boolean;
}

function linesOf(columns: readonly VmColumn[], shown: readonly string[] | undefined): Line[] {
  const first = chosenColumns(columns, { shown });
  const rest = columns.filter((column) => !first.includes(column));
  return [...first, ...rest].map((column) => ({
    id: column.id,
    title: column.title,
    isShown: first.includes(column),
  }));
}

/** Chooses the columns of the list and their order. The name is always there. */
export function ManageColumnsModal({ columns, shown, onSave, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [lines, setLines] = useState(() => linesOf(columns, shown));
  const move = (index: number, by: number) => {
    const next = [...lines];
    const [line] = next.splice(index, 1);
    if (line) next.splice(index + by, 0, line);
    setLines(next);
  };
  return (
    <FormModal
      size="small"
      title={t('Manage columns')}
      description={t('Chosen columns are shown in this order, in this browser.')}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={false}
      submitError={undefined}
      extraActions={
        <Button variant="link" onClick={() => setLines(linesOf(columns, undefined))}>
          {t('Restore default columns')}
        </Button>
      }
      onSubmit={() => {
        const ids = lines.filter(({ isShown }) => isShown).map(({ id }) => id);
        const defaults = chosenColumns(columns, { shown: undefined }).map(({ id }) => id);
        onSave(ids.join(' ') === defaults.join(' ') ? undefined : ids);
        onClose();
      }}
      onCancel={onClose}
    >
      <ul className="vd-columns">
        {lines.map((line, index) => (
          <li key={line.id} className="vd-columns-line">
            <Checkbox
              id={`vd-column-${line.id}`}
              label={line.title}
              isChecked={line.isShown}
              isDisabled={line.id === 'name'}
              onChange={(_event, isShown) =>
                setLines(lines.map((one) => (one === line ? { ...one, isShown } : one)))
              }
            />
            <span className="vd-columns-moves">
              <Button
                variant="plain"
                size="sm"
                icon={<ArrowUpIcon />}
                isDisabled={index === 0}
                aria-label={t('Move {{what}} up', { what: line.title })}
                onClick={() => move(index, -1)}
              />
              <Button
                variant="plain"
                size="sm"
                icon={<ArrowDownIcon />}
                isDisabled={index === lines.length - 1}
                aria-label={t('Move {{what}} down', { what: line.title })}
                onClick={() => move(index, 1)}
              />
            </span>
          </li>
        ))}
      </ul>
    </FormModal>
  );
}
