import {
  Alert,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Modal,
  ModalBody,
  ModalHeader,
  Skeleton,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { consoleFetchJSON } from '../sdk/consoleFetch.ts';
import { serverFlags } from '../serverFlags.ts';
import { type Fetched, useFetched } from './useFetched.ts';

const api = '/api/kubernetes';
/** How a node runs its guests; set by the local cluster, absent on others. */
const accelerationLabel = 'virtdeck.io/acceleration';

async function fetchKubernetesVersion(): Promise<string> {
  const { gitVersion } = (await consoleFetchJSON(`${api}/version`)) as { gitVersion?: string };
  return gitVersion ?? '';
}

interface KubeVirtList {
  items?: { status?: { observedKubeVirtVersion?: string } }[];
}

async function fetchKubeVirtVersion(): Promise<string> {
  const { items = [] } = (await consoleFetchJSON(
    `${api}/apis/kubevirt.io/v1/kubevirts`,
  )) as KubeVirtList;
  return items[0]?.status?.observedKubeVirtVersion ?? '';
}

interface NodeRow {
  name: string;
  acceleration: string | undefined;
}

async function fetchNodes(): Promise<readonly NodeRow[]> {
  const { items = [] } = (await consoleFetchJSON(`${api}/api/v1/nodes`)) as {
    items?: { metadata: { name: string; labels?: Record<string, string> } }[];
  };
  return items.map(({ metadata: { name, labels } }) => ({
    name,
    acceleration: labels?.[accelerationLabel],
  }));
}

function useAccelerationText(): (acceleration: string) => string {
  const { t } = useTranslation('console');
  return (acceleration) => {
    switch (acceleration) {
      case 'kvm':
        return t('hardware virtualization (KVM)');
      case 'tcg':
        return t('software emulation (TCG): guests run, but slowly');
      case 'simulated':
        return t('simulated: no guest really runs');
      default:
        return acceleration;
    }
  };
}

function Value<T>({ fetched, show }: { fetched: Fetched<T>; show: (data: T) => ReactNode }) {
  const { t } = useTranslation('console');
  switch (fetched.state) {
    case 'loading':
      return <Skeleton width="8rem" screenreaderText={t('Loading')} />;
    case 'error':
      return <Alert isInline isPlain variant="warning" title={fetched.error.message} />;
    case 'ready':
      return <>{show(fetched.data)}</>;
  }
}

/** Versions of what is at work, and how the nodes run their guests. */
export function AboutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('console');
  const { programVersion, releaseVersion, clusterContext, clusterServer } = serverFlags();
  const kubernetes = useFetched(fetchKubernetesVersion);
  const kubeVirt = useFetched(fetchKubeVirtVersion);
  const nodes = useFetched(fetchNodes);
  const accelerationText = useAccelerationText();
  const orUnknown = (text: string) => text || t('unknown');
  const rows: readonly [string, ReactNode][] = [
    [t('Version'), programVersion],
    [t('Plugin API'), t('OpenShift console {{version}}', { version: releaseVersion })],
    [
      t('Cluster'),
      t('{{context}} at {{server}}', { context: clusterContext, server: clusterServer }),
    ],
    ['Kubernetes', <Value key="k" fetched={kubernetes} show={orUnknown} />],
    ['KubeVirt', <Value key="v" fetched={kubeVirt} show={orUnknown} />],
    [
      t('Nodes'),
      <Value
        key="n"
        fetched={nodes}
        show={(found) =>
          found.map(({ name, acceleration }) => (
            <div key={name}>
              {acceleration === undefined ? name : `${name}: ${accelerationText(acceleration)}`}
            </div>
          ))
        }
      />,
    ],
  ];
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="vc-about-title">
      <ModalHeader title={t('About virtdeck')} labelId="vc-about-title" />
      <ModalBody>
        <DescriptionList isHorizontal isCompact>
          {rows.map(([term, value]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{value}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </ModalBody>
    </Modal>
  );
}
