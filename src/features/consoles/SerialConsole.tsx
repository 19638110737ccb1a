import { Button, SearchInput } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { VmRef } from '~/api/vms';
import { textDownload } from '~/ui/textDownload';
import { ConsoleFrame } from './ConsoleFrame';
import { SerialSession } from './SerialSession';
import { useConsoleSession } from './useConsoleSession';
import { useGuest } from './useGuest';

const hintId = 'vd-serial-hint';
const silent = { get: () => false, subscribe: () => () => undefined };

/** The serial line of a running VirtualMachineInstance as a terminal. */
export function SerialConsole({ namespace, name, isOwnWindow }: VmRef & { isOwnWindow: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  const vmi = useMemo(() => ({ namespace, name }), [namespace, name]);
  const guest = useGuest(vmi);
  const [notice, setNotice] = useState<string>();
  const [search, setSearch] = useState('');

  const copy = useCallback(
    async (text: string) => {
      try {
        await navigator.clipboard.writeText(text);
        setNotice(t('Copied to the clipboard.'));
      } catch {
        setNotice(t("The browser does not allow it. Select the text and use the browser's menu."));
      }
    },
    [t],
  );
  const create = useCallback(
    (element: HTMLElement) =>
      new SerialSession(vmi, element, {
        label: t('Serial line of {{name}}', { name: vmi.name }),
        onCopy: (text) => void copy(text),
      }),
    [vmi, t, copy],
  );
  const { target, session, state } = useConsoleSession(guest, create);
  const output = session?.hasOutput ?? silent;
  const hasOutput = useSyncExternalStore(output.subscribe, output.get);
  const isConnected = guest.state === 'running' && state.phase === 'connected';

  const paste = async () => {
    try {
      session?.paste(await navigator.clipboard.readText());
      setNotice(undefined);
    } catch {
      setNotice(t('The browser does not allow it. Press Ctrl+Shift+V in the console.'));
    }
  };

  return (
    <ConsoleFrame
      label={t('Serial console of {{name}}', { name })}
      kind="serial"
      hintId={hintId}
      vm={vmi}
      isOwnWindow={isOwnWindow}
      guest={guest}
      state={state}
      target={target}
      notice={isConnected && !hasOutput ? t('Press Enter for a prompt.') : notice}
      onOpen={() => session?.open()}
      onRelease={() => session?.release()}
      onHold={() => session?.hold()}
      tools={
        <>
          <Button size="sm" variant="secondary" onClick={() => void copy(session?.text() ?? '')}>
            {t('Copy')}
          </Button>
          <Button
            size="sm"
            variant="secondary"
            isDisabled={!isConnected}
            onClick={() => void paste()}
          >
            {t('Paste')}
          </Button>
          <Button size="sm" variant="secondary" onClick={() => session?.clear()}>
            {t('Clear')}
          </Button>
          <Button
            size="sm"
            variant="secondary"
            onClick={() =>
              textDownload(`${namespace}-${name}-serial.log`, session?.wholeText() ?? '')
            }
          >
            {t('Download')}
          </Button>
          <SearchInput
            className="vd-console__search"
            aria-label={t('Search the serial console')}
            placeholder={t('Search')}
            value={search}
            onChange={(_event, value) => setSearch(value)}
            onClear={() => setSearch('')}
            onSearch={(_event, value) =>
              setNotice(session?.find(value) === true ? undefined : t('No line has this text.'))
            }
          />
        </>
      }
    />
  );
}
