import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import {
  Breadcrumb,
  BreadcrumbItem,
  Button,
  Flex,
  PageSection,
  Title,
  Tooltip,
} from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';
import { Link, useLocation, useNavigate, vmHref, vmListHref } from '~/console/navigation';
import { vmCan } from '~/kubevirt/vmCan';
import { pendingChanges } from '~/kubevirt/vmEffect';
import { vmListRow } from '~/kubevirt/vmListRow';
import { toVmiRow, toVmRow } from '~/kubevirt/vmRow';
import { DialogHost } from '~/ui/DialogHost';
import { KindBadge } from '~/ui/KindBadge';
import { LoadingState } from '~/ui/LoadingState';
import { PageTabs } from '~/ui/PageTabs';

import { useRefusal } from '../actions/useRefusal';
import { useVmActions, type VmActionItem } from '../actions/useVmActions';
import { VmActionsMenu } from '../actions/VmActionsMenu';
import { VmStatusLabel } from '../VmStatusLabel';
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

/** The last part of a page's address: a tab, or the name of an object. */
export function lastOfPath(pathname: string): string {
  return decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
}

/** Header and tabs of a VM that exists. The tab is the last part of the URL. */
export function VmDetail({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const row = vmListRow(toVmRow(vm), vmi && toVmiRow(vmi));
  const last = lastOfPath(pathname);
  const tab = last === row.name ? '' : (TABS.find((one) => one === last) ?? '');
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
      <PageSection hasBodyWrapper={false}>
        <Breadcrumb>
          <BreadcrumbItem>
            <Link to={vmListHref(row.namespace)}>{t('Virtual machines')}</Link>
          </BreadcrumbItem>
          <BreadcrumbItem isActive>
            <span className="vd-server-text">{row.name}</span>
          </BreadcrumbItem>
        </Breadcrumb>
        <Flex
          className="vd-detail-header"
          justifyContent={{ default: 'justifyContentSpaceBetween' }}
          alignItems={{ default: 'alignItemsCenter' }}
        >
          <Flex alignItems={{ default: 'alignItemsCenter' }}>
            <KindBadge text="VM" title={t('VirtualMachine')} />
            <Title headingLevel="h1">{row.name}</Title>
            <VmStatusLabel status={row.status} problem={row.problem} />
          </Flex>
          <Flex
            columnGap={{ default: 'columnGapXs', md: 'columnGapSm' }}
            rowGap={{ default: 'rowGapXs' }}
          >
            {/* Of start and stop the one that its state calls for, whoever may do it. */}
            {[vmCan('stop', row).allowed ? 'stop' : 'start', 'openConsole'].map((id) => (
              <HeaderButton key={id} id={id} actions={actions} />
            ))}
            <VmActionsMenu vm={row} text={t('Actions')} place={place} />
          </Flex>
        </Flex>
      </PageSection>
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

interface HeaderButtonProps {
  id: string;
  actions: readonly VmActionItem[];
}

/** One of the actions that are wanted most. The server is asked whether it would do it when the pointer comes near. */
export function HeaderButton({ id, actions }: HeaderButtonProps) {
  const [isNear, setNear] = useState(false);
  const action = actions.find((one) => one.id === id);
  const refusal = useRefusal(isNear ? action?.call : undefined);
  if (!action) return null;
  const reason = action.disabledReason ?? (refusal === '' ? undefined : refusal);
  return (
    <Tooltip trigger="manual" isVisible={isNear && reason !== undefined} content={reason ?? ''}>
      <Button
        variant={id === 'start' ? 'primary' : 'secondary'}
        isAriaDisabled={reason !== undefined}
        onMouseEnter={() => setNear(true)}
        onMouseLeave={() => setNear(false)}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
        onClick={action.run}
      >
        {action.label}
      </Button>
    </Tooltip>
  );
}
