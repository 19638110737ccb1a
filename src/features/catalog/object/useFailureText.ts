import { useTranslation } from 'react-i18next';

import { toFailure } from '~/k8s/errors';
import type { ErrorText } from '~/ui/ErrorText';

/** Any failure in the user's language; the detail stays the server's own. */
export function useFailureText(): (error: unknown) => ErrorText {
  const { t } = useTranslation('plugin__virtdeck');
  return (error) => {
    const { title, detail } = toFailure(error);
    return { title: t(title), detail };
  };
}
