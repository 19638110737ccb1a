import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { vmFacts } from '~/kubevirt/vmFacts';
import { vmResources } from '~/kubevirt/vmResources';

import './detail.css';
import { VmDetailsCard } from './VmDetailsCard';
import { VmDisksCard } from './VmDisksCard';
import { VmEventsCard } from './VmEventsCard';
import { VmGuestCards } from './VmGuestCards';
import { VmNetworksCard } from './VmNetworksCard';
import { VmScreenCard } from './VmScreenCard';
import type { VmTabProps } from './VmTab';
import { VmUseCard } from './VmUseCard';
import { VmWhyAlerts } from './VmWhyAlerts';

interface Props extends VmTabProps {
  vmi: V1VirtualMachineInstance;
  /** What made it, `Kind name`; empty when somebody did. */
  owner: string;
}

/** All about one instance at a glance, problems first. */
export function VmiOverviewTab({ vm, vmi, situation, actions, owner }: Props) {
  const { namespace, name, retryAt, vmiPhase, hasAgent } = vmFacts(vm, vmi);
  const ref = { namespace, name, isInstance: true } as const;
  const { vcpus, memoryBytes } = vmResources(vmi.spec.domain, vmi.status);
  const { disks, pods, events, whys } = situation;
  const isRunning = vmiPhase === 'Running';
  const hasScreen = vmi.spec.domain.devices.autoattachGraphicsDevice !== false;
  return (
    <div className="vd-overview">
      <div className="vd-overview-wide vd-stack">
        <VmWhyAlerts vm={ref} whys={whys} actions={actions} retryAt={retryAt} />
      </div>
      <div className="vd-stack">
        <VmDetailsCard {...{ vm, vmi, disks, owner }} pods={pods.map((pod) => pod.name)} />
        <VmUseCard vm={ref} {...{ isRunning, vcpus, memoryBytes }} />
        <VmDisksCard disks={disks} />
        <VmNetworksCard vm={vm} vmi={vmi} />
        <VmGuestCards vm={ref} hasAgent={hasAgent} />
      </div>
      <div className="vd-stack">
        {isRunning && hasScreen ? <VmScreenCard vm={ref} /> : null}
        <VmEventsCard events={events} />
      </div>
    </div>
  );
}
