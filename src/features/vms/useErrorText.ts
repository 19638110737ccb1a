import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { toFailure } from '~/k8s/errors';
import type { ErrorText } from '~/ui/ErrorText';

/** Puts any failure into words of the user's language; the detail stays the server's own. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { t } = useTranslation('plugin__virtdeck');
  return useCallback(
    (error) => {
      const { title, detail } = toFailure(error);
      return { title: t(title), detail };
    },
    [t],
  );
}
