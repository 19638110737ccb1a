import {
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Display } from './display';

type Props = { display: Display; onDisplay: (display: Display) => void };

/** Size and quality of the picture. */
export function DisplayMenu({ display, onDisplay }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isOpen, setOpen] = useState(false);
  const sizes: { size: Display['size']; label: string; description?: string }[] = [
    { size: 'fit', label: t('Fit to window') },
    { size: 'actual', label: t('Actual size') },
    {
      size: 'guest',
      label: t("Resize the guest's screen"),
      description: t('Where the graphics driver of the guest follows.'),
    },
  ];
  const qualities: { quality: Display['quality']; label: string; description?: string }[] = [
    { quality: 'sharp', label: t('Sharp') },
    { quality: 'balanced', label: t('Balanced') },
    {
      quality: 'slow',
      label: t('For slow lines'),
      description: t('More compression, and less detail where the server allows it.'),
    },
  ];
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      // Outside of the frame it would not be seen in full screen.
      popperProps={{ appendTo: 'inline', preventOverflow: true, maxWidth: 'min(22rem, 80vw)' }}
      toggle={(toggleRef) => (
        <MenuToggle size="sm" ref={toggleRef} isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('Display')}
        </MenuToggle>
      )}
    >
      <DropdownGroup label={t('Size')}>
        <DropdownList>
          {sizes.map(({ size, label, description }) => (
            <DropdownItem
              key={size}
              description={description}
              isSelected={display.size === size}
              onClick={() => onDisplay({ ...display, size })}
            >
              {label}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <DropdownGroup label={t('Picture quality')}>
        <DropdownList>
          {qualities.map(({ quality, label, description }) => (
            <DropdownItem
              key={quality}
              description={description}
              isSelected={display.quality === quality}
              onClick={() => onDisplay({ ...display, quality })}
            >
              {label}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
    </Dropdown>
  );
}
