import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';
import { useNavigate, vmHref, vmListHref } from '~/console/navigation';
import { vmCan } from '~/kubevirt/vmCan';
import { pendingChanges } from '~/kubevirt/vmEffect';
import { vmListRow } from '~/kubevirt/vmListRow';
import { toVmiRow, toVmRow } from '~/kubevirt/vmRow';
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
import { VmOverviewTab } from './VmOverviewTab';
import { VmPendingAlert } from './VmPendingAlert';
import type { VmTabProps } from './VmTab';

// Each tab is a chunk of its own: forms, logs and the YAML writer are loaded where they are wanted.
const VmConfigurationTab = lazy(() =>
  import('./VmConfigurationTab').then((module) => ({ default: module.VmConfigurationTab })),
);
const VmDisksTab = lazy(() =>
  import('./VmDisksTab').then((module) => ({ default: module.VmDisksTab })),
);
const VmNetworkTab = lazy(() =>
  import('./VmNetworkTab').then((module) => ({ default: module.VmNetworkTab })),
);
const VmSnapshotsTab = lazy(() =>
  import('./VmSnapshotsTab').then((module) => ({ default: module.VmSnapshotsTab })),
);
const VmMetricsTab = lazy(() =>
  import('./VmMetricsTab').then((module) => ({ default: module.VmMetricsTab })),
);
const VmDiagnosticsTab = lazy(() =>
  import('./VmDiagnosticsTab').then((module) => ({ default: module.VmDiagnosticsTab })),
);
const VmYamlTab = lazy(() =>
  import('./VmYamlTab').then((module) => ({ default: module.VmYamlTab })),
);

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

const TABS = [
  '',
  'console',
  'configuration',
  'disks',
  'network',
  'snapshots',
  'metrics',
  'events',
  'diagnostics',
  'yaml',
] as const;

type TabName = (typeof TABS)[number];

/** Where changes are made that a running guest may not have yet; the overview tells of them itself. */
const changeTabs: readonly TabName[] = ['configuration', 'disks', 'network'];

/** Header and tabs of a VM that exists. The tab is the last part of the URL. */
export function VmDetail({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const row = vmListRow(toVmRow(vm), vmi && toVmiRow(vmi));
  const tab = useDetailTab(TABS, row.name);
  const place = {
    showsConsole: tab === 'console',
    onDeleted: () => void navigate(vmListHref(row.namespace)),
  };
  const actions = useVmActions(row, place);
  const situation = useVmSituation(vm, vmi);
  const canEdit = useAccess({
    ...{ verb: 'patch', group: 'kubevirt.io', resource: 'virtualmachines' },
    ...{ namespace: row.namespace, name: row.name },
  });
  const editReason =
    canEdit.loading || canEdit.allowed
      ? undefined
      : t('You are not allowed to change virtual machines in project {{namespace}}.', {
          namespace: row.namespace,
        });
  const titles: Record<TabName, string> = {
    '': t('Overview'),
    console: t('Console'),
    configuration: t('Configuration'),
    disks: t('Disks'),
    network: t('Network'),
    snapshots: t('Snapshots'),
    metrics: t('Metrics'),
    events: t('Events'),
    diagnostics: t('Diagnostics'),
    yaml: t('YAML'),
  };
  return (
    <>
      <DetailHeader
        list={{ title: t('Virtual machines'), href: vmListHref(row.namespace) }}
        badge={{ text: 'VM', title: t('VirtualMachine') }}
        row={row}
      >
        {/* Of start and stop the one that its state calls for, whoever may do it. */}
        {[vmCan('stop', row).allowed ? 'stop' : 'start', 'openConsole'].map((id) => (
          <HeaderButton key={id} id={id} actions={actions} />
        ))}
        <VmActionsMenu vm={row} text={t('Actions')} place={place} />
      </DetailHeader>
      <PageTabs
        label={t('About {{name}}', { name: row.name })}
        tabs={TABS.map((id) => ({ id, title: titles[id] }))}
        current={tab}
        onChange={(id) => void navigate(vmHref(row, id === '' ? undefined : id))}
      >
        <Suspense fallback={<LoadingState label={t('Loading')} />}>
          <div className="vd-stack">
            {changeTabs.includes(tab) ? (
              <VmPendingAlert
                pending={pendingChanges(vm, vmi)}
                restart={actions.find(({ id }) => id === 'restart')}
              />
            ) : null}
            <TabBody tab={tab} {...{ vm, vmi, situation, actions, editReason }} />
          </div>
        </Suspense>
      </PageTabs>
      <DialogHost />
    </>
  );
}

function TabBody({ tab, ...props }: VmTabProps & { tab: TabName }) {
  switch (tab) {
    case '':
      return <VmOverviewTab {...props} />;
    case 'configuration':
      return <VmConfigurationTab {...props} />;
    case 'disks':
      return <VmDisksTab {...props} />;
    case 'network':
      return <VmNetworkTab {...props} />;
    case 'snapshots':
      return <VmSnapshotsTab {...props} />;
    case 'metrics':
      return <VmMetricsTab {...props} />;
    case 'events':
      return <VmEventsCard events={props.situation.events} limit={100} />;
    case 'diagnostics':
      return <VmDiagnosticsTab {...props} />;
    case 'console':
      return <VmConsoleTab {...props} />;
    case 'yaml':
      return <VmYamlTab {...props} />;
  }
}
