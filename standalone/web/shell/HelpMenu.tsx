import { DropdownItem, DropdownList } from '@patternfly/react-core';
import HelpIcon from '@patternfly/react-icons/dist/esm/icons/outlined-question-circle-icon';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MastheadMenu } from './MastheadMenu.tsx';

const AboutDialog = lazy(async () => ({
  default: (await import(/* webpackChunkName: "about" */ './AboutDialog.tsx')).AboutDialog,
}));

export function HelpMenu() {
  const { t } = useTranslation('console');
  const [isAboutOpen, setIsAboutOpen] = useState(false);
  return (
    <>
      <MastheadMenu label={t('Help')} icon={<HelpIcon />}>
        <DropdownList>
          <DropdownItem to="https://kubevirt.io/user-guide/" target="_blank" isExternalLink>
            {t('KubeVirt user guide')}
          </DropdownItem>
          <DropdownItem onClick={() => setIsAboutOpen(true)}>{t('About virtdeck')}</DropdownItem>
        </DropdownList>
      </MastheadMenu>
      {isAboutOpen ? (
        <Suspense fallback={null}>
          <AboutDialog onClose={() => setIsAboutOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
