import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { VmRef } from '~/api/vms';
import { ConsoleFrame } from './ConsoleFrame';
import { SerialSession } from './SerialSession';
import { TerminalTools } from './TerminalTools';
import { useClipboardCopy } from './useClipboardCopy';
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
  const copy = useClipboardCopy(setNotice);

  const create = useCallback(
    (element: HTMLElement) =>
      new SerialSession(vmi, element, {
        label: t('Serial line of {{name}}', { name: vmi.name }),
        onCopy: (text) => void copy(text),
      }),
    [vmi, t, copy],
  );
  const { target, session, state } = useConsoleSession(guest, create);
  const terminal = session?.terminal;
  const output = terminal?.hasOutput ?? silent;
  const hasOutput = useSyncExternalStore(output.subscribe, output.get);
  const isConnected = guest.state === 'running' && state.phase === 'connected';

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
      onRelease={() => terminal?.release()}
      onHold={() => session?.hold()}
      tools={
        <TerminalTools
          terminal={terminal}
          isConnected={isConnected}
          fileName={`${namespace}-${name}-serial.log`}
          searchLabel={t('Search the serial console')}
          onCopy={copy}
          onNotice={setNotice}
        />
      }
    />
  );
}
