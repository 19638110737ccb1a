import { Button, SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { textDownload } from '~/ui/textDownload';
import type { ConsoleTerminal } from './ConsoleTerminal';

type Props = {
  terminal: ConsoleTerminal | undefined;
  isConnected: boolean;
  /** Of the text that is saved, with its ending. */
  fileName: string;
  searchLabel: string;
  onCopy: (text: string) => Promise<void>;
  onNotice: (text: string | undefined) => void;
};

/** The tools above a terminal: copy, paste, clear, save, search. */
export function TerminalTools(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { terminal, onNotice } = props;
  const [search, setSearch] = useState('');

  const paste = async () => {
    try {
      terminal?.paste(await navigator.clipboard.readText());
      onNotice(undefined);
    } catch {
      onNotice(t('The browser does not allow it. Press Ctrl+Shift+V in the console.'));
    }
  };
  const find = () =>
    onNotice(terminal?.find(search) === true ? undefined : t('No line has this text.'));

  return (
    <>
      <Button
        size="sm"
        variant="secondary"
        onClick={() => void props.onCopy(terminal?.text() ?? '')}
      >
        {t('Copy')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        isDisabled={!props.isConnected}
        onClick={() => void paste()}
      >
        {t('Paste')}
      </Button>
      <Button size="sm" variant="secondary" onClick={() => terminal?.clear()}>
        {t('Clear')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        onClick={() => textDownload(props.fileName, terminal?.wholeText() ?? '')}
      >
        {t('Download')}
      </Button>
      <SearchInput
        className="vd-console__search"
        aria-label={props.searchLabel}
        placeholder={t('Search')}
        value={search}
        onChange={(_event, value) => setSearch(value)}
        onClear={() => setSearch('')}
        onSearch={find}
      />
    </>
  );
}
