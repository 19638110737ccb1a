import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useNavigate } from '~/console/navigation';
import { ToastHost } from '~/ui/ToastHost';

import { TasksFooter } from './TasksFooter';

interface Props {
  title: string;
  namespace: string;
  /** The list of a project; undefined for that of all. Another project leads there. */
  listHref: (namespace: string | undefined) => string;
  children: ReactNode;
}

/** What stands around the page of a VM or an instance. */
export function VmPageFrame({ title, namespace, listHref, children }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  return (
    <>
      <DocumentTitle>{title}</DocumentTitle>
      <NamespaceBar
        onNamespaceChange={(next: string) => void navigate(listHref(namespaceScope(next)))}
      />
      {children}
      <TasksFooter namespace={namespace} />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}
