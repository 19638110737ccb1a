import { Button, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  onType: (text: string) => void;
  onCancel: () => void;
};

/**
 * Text to be typed into the guest: a paste for guests that have no clipboard to paste into. In the
 * frame and not a dialog, so that it works in full screen.
 */
export function TypeTextPanel({ onType, onCancel }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [text, setText] = useState('');
  return (
    <div className="vd-console__panel">
      <TextArea
        aria-label={t('Text to type into the guest')}
        placeholder={t('Paste text here. It is typed as on a US keyboard.')}
        value={text}
        onChange={(_, value) => setText(value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
        }}
        rows={3}
        resizeOrientation="vertical"
        autoFocus
      />
      <div className="vd-console__actions">
        <Button isDisabled={text === ''} onClick={() => onType(text)}>
          {t('Type')}
        </Button>
        <Button variant="link" onClick={onCancel}>
          {t('Cancel')}
        </Button>
      </div>
    </div>
  );
}
