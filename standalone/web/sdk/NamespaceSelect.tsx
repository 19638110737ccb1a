import {
  Alert,
  Button,
  Divider,
  MenuFooter,
  MenuSearch,
  MenuSearchInput,
  MenuToggle,
  type MenuToggleElement,
  SearchInput,
  Select,
  SelectGroup,
  SelectList,
  SelectOption,
} from '@patternfly/react-core';
import { type Ref, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { namespaceWatch, type Namespaces } from '../k8s/NamespaceWatch.ts';
import { allNamespaces } from '../plugins/navigationTree.ts';
import { CreateProjectModal } from './CreateProjectModal.tsx';
import { useProjectCreation } from './useProjectCreation.ts';

/** More options than this make the menu slow; the search finds the others. */
const shownAtMost = 200;

/**
 * Opening the menu is asking for a project: typing goes to the search at once. The menu is mounted
 * hidden and placed first, and what is hidden takes no focus.
 */
function focusWhenShown(input: HTMLInputElement | null): void {
  if (input) setTimeout(() => input.focus(), 50);
}

export interface NamespaceSelectProps {
  selected: string;
  isDisabled: boolean;
  onSelect: (namespace: string) => void;
}

/** The searchable menu of projects, with all projects and the creation of a new one. */
export function NamespaceSelect({ selected, isDisabled, onSelect }: NamespaceSelectProps) {
  const { t } = useTranslation('console');
  const [isOpen, setIsOpen] = useState(false);
  const [isCreating, setIsCreating] = useState(false);
  const [search, setSearch] = useState('');
  const namespaces = useSyncExternalStore(namespaceWatch.subscribe, namespaceWatch.getSnapshot);
  const open = (next: boolean) => {
    setIsOpen(next);
    if (next) setSearch('');
  };
  const creation = useProjectCreation();
  const choose = (namespace: string) => {
    open(false);
    if (namespace !== allNamespaces) void namespaceWatch.named(namespace);
    onSelect(namespace);
  };
  const label = t('Project: {{name}}', {
    name: selected === allNamespaces ? t('All projects') : selected,
  });
  return (
    <>
      <Select
        isOpen={isOpen}
        selected={selected}
        onSelect={(_event, value) => choose(String(value))}
        onOpenChange={open}
        onOpenChangeKeys={['Escape']}
        isScrollable
        maxMenuHeight="60vh"
        popperProps={{ minWidth: '18rem', maxWidth: '90vw' }}
        variant="typeahead"
        toggle={(ref: Ref<MenuToggleElement>) => (
          <MenuToggle
            ref={ref}
            variant="plainText"
            className="vc-namespace-bar__toggle"
            isExpanded={isOpen}
            isDisabled={isDisabled}
            onClick={() => open(!isOpen)}
          >
            {label}
          </MenuToggle>
        )}
      >
        <MenuSearch>
          <MenuSearchInput>
            <SearchInput
              ref={focusWhenShown}
              aria-label={t('Find a project')}
              placeholder={t('Find a project')}
              value={search}
              onChange={(_event, value) => setSearch(value)}
              onClear={() => setSearch('')}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                const [first] = matching(namespaces, search);
                // Who may not list projects can still name one.
                const wanted = first ?? (namespaces.state === 'ready' ? '' : search.trim());
                if (search.trim() && wanted) choose(wanted);
              }}
            />
          </MenuSearchInput>
        </MenuSearch>
        <Divider />
        <Options namespaces={namespaces} search={search} selected={selected} />
        <MenuFooter>
          <Button
            variant="link"
            isInline
            isDisabled={creation === 'denied'}
            onClick={() => {
              open(false);
              setIsCreating(true);
            }}
          >
            {t('Create project')}
          </Button>
          {creation === 'denied' ? (
            <div className="vc-namespace-bar__reason">
              {t('You are not allowed to create projects.')}
            </div>
          ) : null}
        </MenuFooter>
      </Select>
      {isCreating ? (
        <CreateProjectModal
          isRequest={creation === 'projectrequest'}
          onClose={() => setIsCreating(false)}
          onCreated={(name) => {
            setIsCreating(false);
            onSelect(name);
          }}
        />
      ) : null}
    </>
  );
}

/** Names that hold the search text; those that start with it come first. */
function matching(namespaces: Namespaces, search: string): readonly string[] {
  if (namespaces.state !== 'ready' && namespaces.state !== 'refused') return [];
  const text = search.trim().toLowerCase();
  if (!text) return namespaces.names;
  const found = namespaces.names.filter((name) => name.includes(text));
  return [
    ...found.filter((name) => name.startsWith(text)),
    ...found.filter((name) => !name.startsWith(text)),
  ];
}

function Options({
  namespaces,
  search,
  selected,
}: {
  namespaces: Namespaces;
  search: string;
  selected: string;
}) {
  const { t } = useTranslation('console');
  const typed = search.trim();
  const names = matching(namespaces, search);
  const hidden = names.length - shownAtMost;
  // There may be projects that we do not know of.
  const isUnsure = namespaces.state === 'error' || namespaces.state === 'refused';
  return (
    <>
      <SelectList>
        {typed === '' ? (
          <SelectOption value={allNamespaces} isSelected={selected === allNamespaces}>
            {t('All projects')}
          </SelectOption>
        ) : null}
        {isUnsure && typed !== '' && !names.includes(typed) ? (
          <SelectOption value={typed}>{t('Use project {{name}}', { name: typed })}</SelectOption>
        ) : null}
      </SelectList>
      {namespaces.state === 'error' ? (
        <Alert isInline isPlain variant="warning" title={t('Projects cannot be listed')}>
          {namespaces.error.message}{' '}
          <Button variant="link" isInline onClick={() => namespaceWatch.retry()}>
            {t('Retry')}
          </Button>
        </Alert>
      ) : (
        <SelectGroup label={t('Projects')}>
          <SelectList aria-label={t('Projects')}>
            {namespaces.state === 'loading' ? (
              <SelectOption isDisabled>{t('Loading')}</SelectOption>
            ) : null}
            {namespaces.state === 'ready' && names.length === 0 ? (
              <SelectOption isDisabled>{t('No project matches')}</SelectOption>
            ) : null}
            {names.slice(0, shownAtMost).map((name) => (
              <SelectOption key={name} value={name} isSelected={name === selected}>
                {name}
              </SelectOption>
            ))}
            {namespaces.state === 'refused' ? (
              <SelectOption isDisabled description={namespaces.error.message}>
                {t('You are not allowed to list projects. Type the name of yours.')}
              </SelectOption>
            ) : null}
            {hidden > 0 ? (
              <SelectOption isDisabled>
                {t('{{count}} more: type to narrow', { count: hidden })}
              </SelectOption>
            ) : null}
          </SelectList>
        </SelectGroup>
      )}
    </>
  );
}
