import { Button, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { useClipboardCopy } from './useClipboardCopy';
import type { VncSession } from './VncSession';

type Props = {
  session: VncSession;
  onNotice: (text: string) => void;
  onClose: () => void;
};

/** The guest's clipboard, to and fro. In the frame and not a dialog, so that it works in full screen. */
export function ClipboardPanel({ session, onNotice, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [text, setText] = useState('');
  const copy = useClipboardCopy(onNotice);
  const { guestClipboard } = session;
  const fromGuest = useSyncExternalStore(guestClipboard.subscribe, guestClipboard.get);
  const give = () => {
    session.offerClipboard(text);
    onNotice(t('Offered to the guest. Paste it there.'));
    session.focus();
  };
  return (
    <div className="vd-console__panel">
      {/* VNC does not tell whether anybody at the other end listens (QEMU ui/vnc-clipboard.c). */}
      <p className="vd-console__hint">
        {t(
          'A guest shares its clipboard by an agent such as spice-vdagent, over a channel that KubeVirt gives to no guest by itself. Where one of them is missing nothing arrives: then use “Type text”.',
        )}
      </p>
      <TextArea
        aria-label={t('Text for the clipboard of the guest')}
        placeholder={t('Paste text here.')}
        rows={2}
        resizeOrientation="vertical"
        value={text}
        onChange={(_event, value) => setText(value)}
      />
      {fromGuest === undefined ? null : (
        <TextArea
          aria-label={t('Clipboard of the guest')}
          rows={2}
          resizeOrientation="vertical"
          readOnlyVariant="default"
          value={fromGuest}
        />
      )}
      <div className="vd-console__actions">
        <Button isDisabled={text === ''} onClick={give}>
          {t('Give to the guest')}
        </Button>
        {fromGuest === undefined ? null : (
          <Button variant="secondary" onClick={() => void copy(fromGuest)}>
            {t("Copy the guest's text")}
          </Button>
        )}
        <Button variant="link" onClick={onClose}>
          {t('Close')}
        </Button>
      </div>
    </div>
  );
}
