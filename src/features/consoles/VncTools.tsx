import { Button, Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStored } from '~/ui/stored';
import { fileDownload } from '~/ui/textDownload';
import { ClipboardPanel } from './ClipboardPanel';
import { parseDisplay } from './display';
import { DisplayMenu } from './DisplayMenu';
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
  const [display, setDisplay] = useStored('virtdeck.console.display', parseDisplay);
  const [panel, setPanel] = useState<'type' | 'clipboard'>();
  const toggle = (name: 'type' | 'clipboard') => setPanel(panel === name ? undefined : name);
  // A property of what lives outside React: each session gets it, also the next.
  useEffect(() => {
    if (session !== undefined) session.display = display;
  }, [session, display]);

  const takeScreenshot = async () => {
    const picture = await session?.screenshot();
    if (picture === undefined) onNotice(t('There is no picture to save.'));
    else fileDownload(`${fileName}.png`, picture);
  };
  const type = ({ text, layout, pause }: TypedText) => {
    const { strokes, skipped } = keyStrokes(text, layout);
    setPanel(undefined);
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
        aria-expanded={panel === 'type'}
        onClick={() => toggle('type')}
      >
        {t('Type text')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        isDisabled={!isConnected}
        aria-expanded={panel === 'clipboard'}
        onClick={() => toggle('clipboard')}
      >
        {t('Clipboard')}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        isDisabled={!isConnected}
        onClick={() => void takeScreenshot()}
      >
        {t('Save screenshot')}
      </Button>
      <DisplayMenu display={display} onDisplay={setDisplay} />
      {panel === 'type' && isConnected ? (
        <TypeTextPanel onType={type} onCancel={() => setPanel(undefined)} />
      ) : null}
      {panel === 'clipboard' && isConnected && session !== undefined ? (
        <ClipboardPanel session={session} onNotice={onNotice} onClose={() => setPanel(undefined)} />
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
