import { useTranslation } from 'react-i18next';

import { detailOf, type Failure } from '~/k8s/errors';

/** What is said of a list or an object that could not be loaded; the properties of `ui/ErrorState`. */
export interface LoadFailure {
  isForbidden: boolean;
  title: string;
  /** Ends with the server's own message. */
  detail: string;
  retryLabel: string;
}

/**
 * Words for something watched that could not be loaded; `what` is a noun: `Virtual machines`. A missing
 * right is told apart from a fault.
 */
export function useLoadFailure(): (failure: Failure, what: string) => LoadFailure {
  const { t } = useTranslation('plugin__virtdeck');
  return (failure, what) => {
    const isForbidden = failure.status === 403 || failure.status === 401;
    return {
      isForbidden,
      title: isForbidden
        ? t('You are not allowed to see {{what}} here', { what })
        : t('{{what}} could not be loaded', { what }),
      detail: isForbidden
        ? `${t('Choose another project, or ask an administrator for the right.')}\n${failure.detail}`
        : `${t(failure.title)}. ${detailOf(failure, t)}`,
      retryLabel: t('Retry'),
    };
  };
}
