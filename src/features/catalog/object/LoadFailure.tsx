import { useTranslation } from 'react-i18next';

import type { Failure } from '~/k8s/errors';
import { ErrorState } from '~/ui/ErrorState';

interface Props {
  failure: Failure;
  /** What could not be loaded, as a noun: `Instance types`. */
  what: string;
  onRetry: () => void;
}

/** What is watched could not be loaded; a missing right is told apart from a fault. */
export function LoadFailure({ failure, what, onRetry }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const isForbidden = failure.status === 403 || failure.status === 401;
  const advice = isForbidden
    ? t('Choose another project, or ask an administrator for the right.')
    : `${t(failure.title)}.`;
  return (
    <ErrorState
      isForbidden={isForbidden}
      title={
        isForbidden
          ? t('You are not allowed to see {{what}} here', { what })
          : t('{{what}} could not be loaded', { what })
      }
      detail={`${advice}\n${failure.detail}`}
      retryLabel={t('Retry')}
      onRetry={onRetry}
    />
  );
}
