import { useTranslation } from 'react-i18next';

import type { LogState } from '~/api/PodLog';

/** The words around a log; `shown` is how many of its lines are drawn at most. */
export function useLogTexts({ phase, dropped, lines }: LogState, shown: number) {
  const { t } = useTranslation('plugin__virtdeck');
  const state = [
    phase === 'following' ? t('Following') : t('The log has ended.'),
    ...(dropped > 0 ? [t('{{count}} older lines are not kept.', { count: dropped })] : []),
    ...(lines.length > shown ? [t('The last {{count}} lines are shown.', { count: shown })] : []),
  ];
  return {
    of: t('Log of'),
    search: t('Search the log'),
    wrap: t('Wrap lines'),
    download: t('Download'),
    state: state.join(' '),
  };
}
