import { Flex, PageSection, Title } from '@patternfly/react-core';
import VirtualMachineIcon from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon';
import { useTranslation } from 'react-i18next';

import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { EmptyPage } from '~/ui/EmptyPage';
import { DialogHost } from '~/ui/DialogHost';
import { ToastHost } from '~/ui/ToastHost';

import { BulkMenu } from './actions/BulkMenu';
import { VmActionsMenu } from './actions/VmActionsMenu';
import { VmList } from './list/VmList';
import { TasksFooter } from './TasksFooter';
import { VmCreateButton } from './VmCreateButton';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

const rowMenu = (row: VmListRow) => <VmActionsMenu vm={row} />;

const bulkMenu = (selected: readonly VmListRow[], onDone: () => void) => (
  <BulkMenu vms={selected} onDone={onDone} />
);

/** All VirtualMachines of a project, or of all. */
export default function VmListPage({ namespace }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const scope = namespaceScope(namespace);
  return (
    <>
      <DocumentTitle>{t('Virtual machines')}</DocumentTitle>
      <NamespaceBar />
      <PageSection hasBodyWrapper={false}>
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
          <Title headingLevel="h1">{t('Virtual machines')}</Title>
          <VmCreateButton namespace={scope} />
        </Flex>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {/* Another project is another list: nothing of the old one may remain. */}
        <VmList
          key={scope ?? ''}
          namespace={scope}
          menu={rowMenu}
          bulk={bulkMenu}
          empty={<NoVms namespace={scope} />}
        />
      </PageSection>
      <TasksFooter namespace={scope} />
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

function NoVms({ namespace }: { namespace: string | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <EmptyPage
      icon={VirtualMachineIcon}
      title={t('No virtual machines yet')}
      body={
        namespace === undefined
          ? t('Create the first one from a prepared image; it takes a minute.')
          : t('There are none in project {{namespace}}. Create the first one; it takes a minute.', {
              namespace,
            })
      }
      action={<VmCreateButton namespace={namespace} />}
    />
  );
}
