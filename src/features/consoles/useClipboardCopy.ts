import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Copies a text to the user's clipboard and tells how it went. */
export function useClipboardCopy(
  onNotice: (text: string) => void,
): (text: string) => Promise<void> {
  const { t } = useTranslation('plugin__virtdeck');
  return useCallback(
    async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        onNotice(t('Copied to the clipboard.'));
      } catch {
        onNotice(t("The browser does not allow it. Select the text and use the browser's menu."));
      }
    },
    [onNotice, t],
  );
}
