import { useTranslation } from 'react-i18next';

import { detailOf, type Failure } from '~/k8s/errors';

/** Words for something watched that is shown as it was before the connection was lost; the properties of `ui/StaleAlert`. */
export function useStaleText(): (failure: Failure) => { title: string; detail: string } {
  const { t } = useTranslation('plugin__virtdeck');
  return (failure) => ({
    title: t('The connection is lost; trying again'),
    detail: `${t('You see the last known state.')} ${detailOf(failure, t)}`,
  });
}
