import { useTranslation } from 'react-i18next';

import type { Step } from '~/kubevirt/create/draftProblems';

/** The steps' names in the user's language. */
export function useStepNames(): Readonly<Record<Step, string>> {
  const { t } = useTranslation('plugin__virtdeck');
  return {
    source: t('Name and source'),
    compute: t('CPU and memory'),
    storage: t('Disks'),
    network: t('Networks'),
    initialisation: t('First start'),
    scheduling: t('Running and placement'),
    review: t('Review'),
  };
}
