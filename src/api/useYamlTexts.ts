import { useTranslation } from 'react-i18next';

/** The words around the YAML of an object of that name; the property `texts` of `ui/YamlReader`. */
export function useYamlTexts(name: string) {
  const { t } = useTranslation('plugin__virtdeck');
  return {
    label: t('YAML of {{name}}', { name }),
    showStatus: t('Show status'),
    showManaged: t('Show managed fields'),
    copy: t('Copy'),
    copied: t('Copied'),
    notCopied: t('The YAML could not be copied'),
    download: t('Download'),
  };
}
