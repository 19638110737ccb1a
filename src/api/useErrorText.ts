import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { detailOf, toFailure } from '~/k8s/errors';

/** Puts any failure into words of the user's language; a server's own detail stays as it is. */
export function useErrorText(): (error: unknown) => { title: string; detail: string } {
  const { t } = useTranslation('plugin__virtdeck');
  return useCallback(
    (error) => {
      const failure = toFailure(error);
      return { title: t(failure.title), detail: detailOf(failure, t) };
    },
    [t],
  );
}
