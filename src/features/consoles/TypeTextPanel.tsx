import {
  Button,
  Checkbox,
  FormSelect,
  FormSelectOption,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Layout, layoutOfLanguage, layouts } from './layouts';

export type TypedText = {
  text: string;
  layout: Layout;
  /** Milliseconds between two keys. */
  pause: number;
};

type Props = {
  onType: (typed: TypedText) => void;
  onCancel: () => void;
};

const layoutKey = 'virtdeck.console.layout';

/** The layout that was used last, at first the user's own: guests of one user mostly have the same. */
function lastLayout(): Layout {
  const stored = localStorage.getItem(layoutKey);
  return (
    layouts.find(({ value }) => value === stored)?.value ?? layoutOfLanguage(navigator.language)
  );
}

/**
 * Text to be typed into the guest: a paste for guests that have no clipboard to paste into. In the
 * frame and not a dialog, so that it works in full screen.
 */
export function TypeTextPanel({ onType, onCancel }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [text, setText] = useState('');
  const [layout, setLayout] = useState(lastLayout);
  const [pause, setPause] = useState(15);
  const [isSecret, setSecret] = useState(false);
  const [withEnter, setWithEnter] = useState(false);
  const speeds = [
    { value: 5, label: t('Fast') },
    { value: 15, label: t('Normal') },
    { value: 80, label: t('Slow, for guests that lose letters') },
  ];
  const field = {
    'aria-label': t('Text to type into the guest'),
    value: text,
    autoFocus: true,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') onCancel();
    },
  };
  const type = () => onType({ text: withEnter ? `${text}\n` : text, layout, pause });
  return (
    <div className="vd-console__panel">
      {isSecret ? (
        <TextInput
          {...field}
          type="password"
          autoComplete="off"
          onChange={(_event, value) => setText(value)}
        />
      ) : (
        <TextArea
          {...field}
          placeholder={t('Paste text here. It is typed key by key.')}
          rows={3}
          resizeOrientation="vertical"
          onChange={(_event, value) => setText(value)}
        />
      )}
      <div className="vd-console__choices">
        <FormSelect
          aria-label={t('Keyboard layout of the guest')}
          value={layout}
          onChange={(_event, value) => {
            const chosen = layouts.find((one) => one.value === value);
            if (chosen === undefined) return;
            localStorage.setItem(layoutKey, chosen.value);
            setLayout(chosen.value);
          }}
        >
          {layouts.map(({ value, label }) => (
            <FormSelectOption key={value} value={value} label={label} />
          ))}
        </FormSelect>
        <FormSelect
          aria-label={t('Speed')}
          value={pause}
          onChange={(_event, value) => setPause(Number(value))}
        >
          {speeds.map(({ value, label }) => (
            <FormSelectOption key={value} value={value} label={label} />
          ))}
        </FormSelect>
        <Checkbox
          id="vd-type-secret"
          label={t('Hide the text')}
          isChecked={isSecret}
          onChange={(_event, checked) => setSecret(checked)}
        />
        <Checkbox
          id="vd-type-enter"
          label={t('Press Enter at the end')}
          isChecked={withEnter}
          onChange={(_event, checked) => setWithEnter(checked)}
        />
      </div>
      <div className="vd-console__actions">
        <Button isDisabled={text === ''} onClick={type}>
          {t('Start typing')}
        </Button>
        <Button variant="link" onClick={onCancel}>
          {t('Cancel')}
        </Button>
      </div>
    </div>
  );
}
