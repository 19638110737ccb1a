import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { toFailure } from '~/k8s/errors';

/** Puts any failure into words of the user's language; the detail stays the server's own. */
export function useErrorText(): (error: unknown) => { title: string; detail: string } {
  const { t } = useTranslation('plugin__virtdeck');
  return useCallback(
    (error) => {
      const { title, detail } = toFailure(error);
      return { title: t(title), detail };
    },
    [t],
  );
}
