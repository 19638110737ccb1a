import { PageSection, Title } from '@patternfly/react-core';
import VirtualMachineIcon from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon';
import { useTranslation } from 'react-i18next';

import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { Link, vmListHref } from '~/console/navigation';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { DialogHost } from '~/ui/DialogHost';
import { EmptyPage } from '~/ui/EmptyPage';
import { ToastHost } from '~/ui/ToastHost';

import { BulkMenu } from './actions/BulkMenu';
import { VmActionsMenu } from './actions/VmActionsMenu';
import { VmList } from './list/VmList';
import { TasksFooter } from './TasksFooter';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

const rowMenu = (row: VmListRow) => <VmActionsMenu vm={row} />;

const bulkMenu = (selected: readonly VmListRow[], onDone: () => void) => (
  <BulkMenu vms={selected} onDone={onDone} />
);

/** VirtualMachineInstances that no VirtualMachine made; those of VMs are seen with these. */
export default function VmiListPage({ namespace }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const scope = namespaceScope(namespace);
  const title = t('Instances without a virtual machine');
  return (
    <>
      <DocumentTitle>{title}</DocumentTitle>
      <NamespaceBar />
      <PageSection hasBodyWrapper={false}>
        <Title headingLevel="h1">{title}</Title>
        <p className="vd-hint">
          {t('They are not started again when they end.')}{' '}
          <Link to={vmListHref(scope)}>{t('To the virtual machines')}</Link>
        </p>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {/* Another project is another list: nothing of the old one may remain. */}
        <VmList
          key={scope ?? ''}
          kind="instance"
          namespace={scope}
          menu={rowMenu}
          bulk={bulkMenu}
          empty={
            <EmptyPage
              icon={VirtualMachineIcon}
              title={t('There are none')}
              body={t('Every instance that runs here belongs to a virtual machine.')}
            />
          }
        />
      </PageSection>
      <TasksFooter namespace={scope} />
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}
