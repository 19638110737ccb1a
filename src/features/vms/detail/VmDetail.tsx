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
  Tab,
  Tabs,
  TabTitleText,
  Title,
  Tooltip,
} from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { Link, useLocation, useNavigate, vmHref, vmListHref } from '~/console/navigation';
import { KindBadge } from '~/ui/KindBadge';
import { LoadingState } from '~/ui/LoadingState';
import { useConfirm } from '~/ui/useConfirm';

import { useErrorText } from '../useErrorText';
import { useVmActions, type VmActionItem } from '../useVmActions';
import { VmActionsMenu } from '../VmActionsMenu';
import { toVmRow } from '~/kubevirt/vmRow';
import { VmStatusLabel } from '../VmStatusLabel';
import { VmConsoleTab } from './VmConsoleTab';
import { VmOverviewTab } from './VmOverviewTab';

// The YAML writer is needed here alone.
const VmYamlTab = lazy(() =>
  import('./VmYamlTab').then((module) => ({ default: module.VmYamlTab })),
);

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

const TABS = ['', 'console', 'yaml'] as const;

/** Header and tabs of a VM that exists. The tab is the last part of the URL. */
export function VmDetail({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { ask, dialog } = useConfirm(t('Cancel'), useErrorText());
  const row = { ...toVmRow(vm), vmiPhase: vmi?.status?.phase };
  const last = decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
  const tab = last === row.name ? '' : (TABS.find((one) => one === last) ?? '');
  const place = {
    showsConsole: tab === 'console',
    onDeleted: () => void navigate(vmListHref(row.namespace)),
  };
  const actions = useVmActions(row, ask, place);
  const titles = { '': t('Overview'), console: t('Console'), yaml: t('YAML') };
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
          <Flex columnGap={{ default: 'columnGapSm' }}>
            {['start', 'stop', 'openConsole'].map((id) => (
              <HeaderButton key={id} id={id} actions={actions} />
            ))}
            <VmActionsMenu vm={row} ask={ask} text={t('Actions')} place={place} />
          </Flex>
        </Flex>
      </PageSection>
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs
          aria-label={t('About {{name}}', { name: row.name })}
          activeKey={tab}
          usePageInsets
          onSelect={(_event, key) =>
            void navigate(vmHref(row, key === '' ? undefined : String(key)))
          }
        >
          {TABS.map((one) => (
            <Tab
              key={one}
              eventKey={one}
              tabContentId={`vd-tab-${one}`}
              title={<TabTitleText>{titles[one]}</TabTitleText>}
            />
          ))}
        </Tabs>
      </PageSection>
      <PageSection
        hasBodyWrapper={false}
        isFilled
        id={`vd-tab-${tab}`}
        role="tabpanel"
        aria-label={titles[tab]}
      >
        {tab === '' ? <VmOverviewTab vm={vm} vmi={vmi} /> : null}
        {tab === 'console' ? (
          <VmConsoleTab vm={vm} vmi={vmi} start={actions.find(({ id }) => id === 'start')} />
        ) : null}
        {tab === 'yaml' ? (
          <Suspense fallback={<LoadingState label={t('Loading')} />}>
            <VmYamlTab vm={vm} />
          </Suspense>
        ) : null}
      </PageSection>
      {dialog}
    </>
  );
}

interface HeaderButtonProps {
  id: string;
  actions: readonly VmActionItem[];
}

/** One of the actions that are wanted most: of start and stop the one that can be done. */
function HeaderButton({ id, actions }: HeaderButtonProps) {
  const action = actions.find((one) => one.id === id);
  const stop = actions.find((one) => one.id === 'stop');
  if (!action) return null;
  const canStop = stop !== undefined && stop.disabledReason === undefined;
  if ((id === 'start' && canStop) || (id === 'stop' && !canStop)) return null;
  const button = (
    <Button
      variant={id === 'start' ? 'primary' : 'secondary'}
      isAriaDisabled={action.disabledReason !== undefined}
      onClick={action.run}
    >
      {action.label}
    </Button>
  );
  return action.disabledReason === undefined ? (
    button
  ) : (
    <Tooltip content={action.disabledReason}>{button}</Tooltip>
  );
}
