import { Button, Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileDownload } from '~/ui/textDownload';
import { keyCombinations } from './keyboard';
import { keyStrokes } from './layouts';
import { type TypedText, TypeTextPanel } from './TypeTextPanel';
import type { VncSession } from './VncSession';

type Props = {
  session: VncSession | undefined;
  isConnected: boolean;
  /** Of screenshots, without ending. */
  fileName: string;
  onNotice: (text: string) => void;
};

/** The tools above the screen. */
export function VncTools({ session, isConnected, fileName, onNotice }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isFit, setFit] = useState(true);
  const [isTyping, setTyping] = useState(false);

  const toggleFit = () => {
    if (session !== undefined) session.fit = !isFit;
    setFit(!isFit);
  };
  const takeScreenshot = async () => {
    const picture = await session?.screenshot();
    if (picture === undefined) onNotice(t('There is no picture to save.'));
    else fileDownload(`${fileName}.png`, picture);
  };
  const type = ({ text, layout, pause }: TypedText) => {
    const { strokes, skipped } = keyStrokes(text, layout);
    setTyping(false);
    session?.focus();
    void session?.type(strokes, pause);
    onNotice(
      skipped.length === 0
        ? ''
        : t('Not typed, as this keyboard does not have them: {{characters}}', {
            characters: skipped.join(' '),
          }),
    );
  };

  return (
    <>
      <SendKeys session={session} isDisabled={!isConnected} />
      <Button
        size="sm"
        variant="secondary"
        isDisabled={!isConnected}
        aria-expanded={isTyping}
        onClick={() => setTyping(!isTyping)}
      >
        {t('Type text')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        isDisabled={!isConnected}
        onClick={() => void takeScreenshot()}
      >
        {t('Save screenshot')}
      </Button>
      <Button size="sm" variant="secondary" aria-pressed={!isFit} onClick={toggleFit}>
        {isFit ? t('Actual size') : t('Fit to window')}
      </Button>
      {isTyping && isConnected ? (
        <TypeTextPanel onType={type} onCancel={() => setTyping(false)} />
      ) : null}
    </>
  );
}

function SendKeys({
  session,
  isDisabled,
}: {
  session: VncSession | undefined;
  isDisabled: boolean;
}) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isOpen, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      isScrollable
      // Outside of the frame it would not be seen in full screen.
      popperProps={{ appendTo: 'inline' }}
      toggle={(toggleRef) => (
        <MenuToggle
          size="sm"
          ref={toggleRef}
          isDisabled={isDisabled}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t('Send keys')}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {keyCombinations.map(({ label, keys }) => (
          <DropdownItem key={label} onClick={() => session?.press(keys)}>
            {label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
