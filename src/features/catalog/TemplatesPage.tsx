import { useTranslation } from 'react-i18next';

import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { DialogHost } from '~/ui/DialogHost';
import { ToastHost } from '~/ui/ToastHost';

import { TemplateList } from './templates/TemplateList';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

/** Templates that virtual machines are made from. */
export default function TemplatesPage({ namespace }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const scope = namespaceScope(namespace);
  return (
    <>
      <DocumentTitle>{t('Templates')}</DocumentTitle>
      <NamespaceBar />
      <TemplateList key={scope ?? ''} namespace={scope} />
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}
