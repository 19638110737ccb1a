import { DropdownItem, DropdownList } from '@patternfly/react-core';
import ThemeIcon from '@patternfly/react-icons/dist/esm/icons/adjust-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MastheadMenu } from './MastheadMenu.tsx';
import { chooseTheme, themeChoice, type ThemeChoice } from './theme.ts';

export function ThemeMenu() {
  const { t } = useTranslation('console');
  const [choice, setChoice] = useState(themeChoice);
  const texts: readonly [ThemeChoice, string][] = [
    ['light', t('Light')],
    ['dark', t('Dark')],
    ['system', t('As the system')],
  ];
  return (
    <MastheadMenu label={t('Theme')} icon={<ThemeIcon />}>
      <DropdownList>
        {texts.map(([value, text]) => (
          <DropdownItem
            key={value}
            isSelected={value === choice}
            onClick={() => {
              chooseTheme(value);
              setChoice(value);
            }}
          >
            {text}
          </DropdownItem>
        ))}
      </DropdownList>
    </MastheadMenu>
  );
}
