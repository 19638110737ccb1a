import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert } from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { instanceListHref, Link, useNavigate, vmHref } from '~/console/navigation';
import { isAlone, ownerOf, vmOfInstance } from '~/kubevirt/vmInstance';
import { vmListRow } from '~/kubevirt/vmListRow';
import { aloneRow, toVmiRow } from '~/kubevirt/vmRow';
import { DialogHost } from '~/ui/DialogHost';
import { LoadingState } from '~/ui/LoadingState';
import { PageTabs } from '~/ui/PageTabs';

import { useVmActions } from '../actions/useVmActions';
import { VmActionsMenu } from '../actions/VmActionsMenu';
import { DetailHeader } from './DetailHeader';
import { HeaderButton } from './HeaderButton';
import { useDetailTab } from './useDetailTab';
import { useVmSituation } from './useVmSituation';
import { VmConsoleTab } from './VmConsoleTab';
import { VmEventsCard } from './VmEventsCard';
import { VmiOverviewTab } from './VmiOverviewTab';
import type { VmTabProps } from './VmTab';

const VmDiagnosticsTab = lazy(() =>
  import('./VmDiagnosticsTab').then((module) => ({ default: module.VmDiagnosticsTab })),
);
const VmMetricsTab = lazy(() =>
  import('./VmMetricsTab').then((module) => ({ default: module.VmMetricsTab })),
);
const VmYamlReader = lazy(() =>
  import('./VmYamlReader').then((module) => ({ default: module.VmYamlReader })),
);

const TABS = ['', 'console', 'metrics', 'events', 'diagnostics', 'yaml'] as const;

type TabName = (typeof TABS)[number];

/** Header and tabs of an instance. What is known of VMs is asked of it as of the VM that it has not. */
export function VmiDetail({ vmi }: { vmi: V1VirtualMachineInstance }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const vm = vmOfInstance(vmi);
  const row = vmListRow(aloneRow(vmi), toVmiRow(vmi));
  const tab = useDetailTab(TABS, row.name);
  const place = {
    showsConsole: tab === 'console',
    onDeleted: () => void navigate(instanceListHref(row.namespace)),
  };
  const actions = useVmActions(row, place);
  const situation = useVmSituation(vm, vmi);
  const titles: Record<TabName, string> = {
    '': t('Overview'),
    console: t('Console'),
    metrics: t('Metrics'),
    events: t('Events'),
    diagnostics: t('Diagnostics'),
    yaml: t('YAML'),
  };
  const isOfVm = !isAlone(vmi);
  const { namespace, name } = row;
  return (
    <>
      <DetailHeader
        list={{ title: t('Instances'), href: instanceListHref(namespace) }}
        badge={{ text: 'VMI', title: t('VirtualMachineInstance') }}
        row={row}
      >
        <HeaderButton id="openConsole" actions={actions} />
        <VmActionsMenu vm={row} text={t('Actions')} place={place} />
      </DetailHeader>
      <PageTabs
        label={t('About {{name}}', { name })}
        tabs={TABS.map((id) => ({ id, title: titles[id] }))}
        current={tab}
        onChange={(id) => void navigate(vmHref(row, id === '' ? undefined : id))}
      >
        <Suspense fallback={<LoadingState label={t('Loading')} />}>
          <div className="vd-stack">
            {isOfVm ? (
              <Alert
                isInline
                component="h2"
                variant="info"
                title={t('It belongs to the virtual machine {{name}}', { name })}
                actionLinks={
                  <Link to={vmHref({ namespace, name })}>{t('To the virtual machine')}</Link>
                }
              >
                {t('What is done here may be undone by it: it starts its instance anew.')}
              </Alert>
            ) : null}
            <TabBody
              tab={tab}
              {...{ vm, vmi, situation, actions }}
              editReason={undefined}
              owner={ownerOf(vmi)}
            />
          </div>
        </Suspense>
      </PageTabs>
      <DialogHost />
    </>
  );
}

type BodyProps = VmTabProps & { tab: TabName; vmi: V1VirtualMachineInstance; owner: string };

function TabBody({ tab, owner, ...props }: BodyProps) {
  switch (tab) {
    case '':
      return <VmiOverviewTab {...props} owner={owner} />;
    case 'console':
      return <VmConsoleTab {...props} />;
    case 'metrics':
      return <VmMetricsTab {...props} />;
    case 'events':
      return <VmEventsCard events={props.situation.events} limit={100} />;
    case 'diagnostics':
      return <VmDiagnosticsTab {...props} />;
    case 'yaml':
      return <VmYamlReader object={props.vmi} />;
  }
}
