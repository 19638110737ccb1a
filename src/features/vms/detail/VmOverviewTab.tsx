import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { dataVolumes } from '~/k8s/models';

import './detail.css';
import { useLauncherPods } from './useLauncherPods';
import { vmConditions } from '~/kubevirt/vmConditions';
import { toDataVolumeRow, vmDisks } from '~/kubevirt/vmDisks';
import { vmFacts } from '~/kubevirt/vmFacts';
import { VmConditionsCard } from './VmConditionsCard';
import { VmDetailsCard } from './VmDetailsCard';
import { VmDisksCard } from './VmDisksCard';
import { VmEventsCard } from './VmEventsCard';
import { VmNetworksCard } from './VmNetworksCard';
import { VmProblemAlert } from './VmProblemAlert';

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

/** All about one VM at a glance, problems first. */
export function VmOverviewTab({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name, created, vmiUid } = vmFacts(vm, vmi);
  const volumes = useWatchList({ model: dataVolumes, namespace, toRow: toDataVolumeRow });
  const disks = vmDisks(vm, vmi, volumes.state === 'ready' ? volumes.data.rows : []);
  const names = disks.flatMap((disk) =>
    disk.sourceKind === 'DataVolume' ? [disk.sourceName] : [],
  );
  const pods = useLauncherPods(namespace, vmiUid);
  return (
    <div className="vd-overview">
      <div className="vd-overview-wide vd-stack">
        <VmProblemAlert vm={vm} disks={disks} />
        {volumes.state === 'error' ? (
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={t('The state of the disks cannot be shown')}
          >
            {volumes.error.detail}
          </Alert>
        ) : null}
      </div>
      <div className="vd-stack">
        <VmDetailsCard vm={vm} vmi={vmi} disks={disks} pods={pods} />
        <VmDisksCard disks={disks} />
        <VmNetworksCard vm={vm} vmi={vmi} />
        <VmConditionsCard conditions={vmConditions(vm)} />
      </div>
      <VmEventsCard
        namespace={namespace}
        name={name}
        created={created}
        dataVolumes={names}
        pods={pods}
      />
    </div>
  );
}
