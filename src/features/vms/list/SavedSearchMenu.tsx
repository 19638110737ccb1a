import {
  Divider,
  Dropdown,
  DropdownItem,
  DropdownList,
  FormGroup,
  MenuToggle,
  TextInput,
} from '@patternfly/react-core';
import TrashIcon from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FormModal } from '~/ui/FormModal';
import { landmark } from '~/ui/landmark';

import { formatListState, isFiltered, type ListState, parseListState } from './listState';
import { useSavedSearches, withSearch } from './savedSearches';

interface Props {
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
}

/** Searches with their filters and order under a name, to be had again. */
export function SavedSearchMenu({ state, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [searches, setSearches] = useSavedSearches();
  const [isOpen, setOpen] = useState(false);
  const [isNaming, setNaming] = useState(false);
  return (
    <>
      <Dropdown
        isOpen={isOpen}
        onOpenChange={setOpen}
        onSelect={() => setOpen(false)}
        isScrollable
        popperProps={{ appendTo: landmark, position: 'right' }}
        onActionClick={(_event, name: string) =>
          setSearches(searches.filter((one) => one.name !== name))
        }
        toggle={(ref) => (
          <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t('Saved searches')}
          </MenuToggle>
        )}
      >
        <DropdownList>
          {searches.map(({ name, query }) => (
            <DropdownItem
              key={name}
              itemId={name}
              onClick={() => onChange({ ...parseListState(query), columns: state.columns })}
              actions={
                <MenuDelete
                  label={t('Delete {{name}}', { name })}
                  onDelete={() => setSearches(searches.filter((one) => one.name !== name))}
                />
              }
            >
              {name}
            </DropdownItem>
          ))}
          {searches.length > 0 ? <Divider component="li" /> : null}
          <DropdownItem
            isAriaDisabled={!isFiltered(state)}
            {...(isFiltered(state)
              ? {}
              : { description: t('Search or filter first: there is nothing to save.') })}
            onClick={() => {
              if (isFiltered(state)) setNaming(true);
            }}
          >
            {t('Save this search')}
          </DropdownItem>
        </DropdownList>
      </Dropdown>
      {isNaming ? (
        <NameModal
          taken={searches.map(({ name }) => name)}
          onSave={(name) =>
            setSearches(
              withSearch(searches, {
                name,
                query: formatListState({ ...state, columns: undefined }, ''),
              }),
            )
          }
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  );
}

function MenuDelete({ label, onDelete }: { label: string; onDelete: () => void }) {
  return (
    <button
      type="button"
      className="pf-v6-c-menu__item-action"
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        onDelete();
      }}
    >
      <TrashIcon />
    </button>
  );
}

interface NameProps {
  taken: readonly string[];
  onSave: (name: string) => void;
  onClose: () => void;
}

function NameModal({ taken, onSave, onClose }: NameProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [name, setName] = useState('');
  const isTaken = taken.includes(name.trim());
  return (
    <FormModal
      size="small"
      title={t('Save this search')}
      submitLabel={isTaken ? t('Replace') : t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={false}
      submitError={undefined}
      submitDisabledReason={name.trim() === '' ? t('Give it a name.') : undefined}
      onSubmit={() => {
        onSave(name.trim());
        onClose();
      }}
      onCancel={onClose}
    >
      <FormGroup label={t('Name')} fieldId="vd-search-name" isRequired>
        <TextInput id="vd-search-name" value={name} onChange={(_event, text) => setName(text)} />
        {isTaken ? (
          <div className="vd-hint">{t('The search of this name is replaced.')}</div>
        ) : null}
      </FormGroup>
    </FormModal>
  );
}
