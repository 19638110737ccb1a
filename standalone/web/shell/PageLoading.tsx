import { Bullseye, Spinner } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

/** Shown while the code of a page comes; appears late, so that fast loads do not flicker. */
export function PageLoading() {
  const { t } = useTranslation('console', { useSuspense: false });
  return (
    <Bullseye className="vc-late">
      <Spinner aria-label={t('Loading')} />
    </Bullseye>
  );
}
