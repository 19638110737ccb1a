import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { vmFacts } from '~/kubevirt/vmFacts';
import { pendingChanges } from '~/kubevirt/vmEffect';
import { vmResources } from '~/kubevirt/vmResources';

import './detail.css';
import { VmAlertsCard } from './VmAlertsCard';
import { VmDetailsCard } from './VmDetailsCard';
import { VmDisksCard } from './VmDisksCard';
import { VmEventsCard } from './VmEventsCard';
import { VmGuestCards } from './VmGuestCards';
import { VmNetworksCard } from './VmNetworksCard';
import { VmPendingAlert } from './VmPendingAlert';
import { VmScreenCard } from './VmScreenCard';
import { VmSnapshotsCard } from './VmSnapshotsCard';
import type { VmTabProps } from './VmTab';
import { VmUseCard } from './VmUseCard';
import { VmWhyAlerts } from './VmWhyAlerts';

const ended = ['Succeeded', 'Failed'];

/** All about one VM at a glance, problems first. */
export function VmOverviewTab({ vm, vmi, situation, actions }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name, retryAt, vmiPhase, hasAgent } = vmFacts(vm, vmi);
  const hasScreen = vmi?.spec.domain.devices.autoattachGraphicsDevice !== false;
  const { disks, pods, events, whys, disksFailure } = situation;
  const domain = vmi?.spec.domain ?? vm.spec.template.spec?.domain;
  const { vcpus, memoryBytes } = vmResources(domain, vmi?.status);
  const pending = pendingChanges(vm, vmi);
  return (
    <div className="vd-overview">
      <div className="vd-overview-wide vd-stack">
        <VmWhyAlerts
          vm={{ namespace, name }}
          // Pending changes say more.
          whys={whys.filter(({ rule }) => rule !== 'restartRequired' || pending.length === 0)}
          actions={actions}
          retryAt={retryAt}
        />
        <VmPendingAlert pending={pending} restart={actions.find(({ id }) => id === 'restart')} />
        {disksFailure ? (
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={t('The state of the disks cannot be shown')}
          >
            {disksFailure.detail}
          </Alert>
        ) : null}
      </div>
      <div className="vd-stack">
        <VmDetailsCard
          vm={vm}
          vmi={vmi}
          disks={disks}
          // Those that it has moved away from stay for a while, ended.
          pods={pods.filter(({ phase }) => !ended.includes(phase)).map((pod) => pod.name)}
        />
        <VmUseCard
          vm={{ namespace, name }}
          isRunning={vmiPhase === 'Running'}
          {...{ vcpus, memoryBytes }}
        />
        <VmDisksCard disks={disks} />
        <VmNetworksCard vm={vm} vmi={vmi} />
        <VmSnapshotsCard vm={{ namespace, name }} />
        <VmGuestCards vm={{ namespace, name }} hasAgent={hasAgent} />
      </div>
      <div className="vd-stack">
        {vmiPhase === 'Running' && hasScreen ? <VmScreenCard vm={{ namespace, name }} /> : null}
        <VmAlertsCard vm={{ namespace, name }} />
        <VmEventsCard events={events} />
      </div>
    </div>
  );
}
