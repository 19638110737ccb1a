import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Card, CardBody, CardTitle, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useGuestHostname } from '~/api/guestAgent';
import { useNodeLabel } from '~/api/nodes';
import { ResourceLink } from '~/console/ResourceLink';
import { Timestamp } from '~/console/Timestamp';
import {
  clusterInstancetypes,
  clusterPreferences,
  type Model,
  namespaces,
  nodes,
  pods,
  projectInstancetypes,
  projectPreferences,
} from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { DetailList } from '~/ui/DetailList';

import { vmFacts } from '~/kubevirt/vmFacts';
import type { VmDisk } from '~/kubevirt/vmDisks';

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
  disks: readonly VmDisk[];
  /** Names of its launcher pods. */
  pods: readonly string[];
  /** What made an instance without a VM, `Kind name`; absent for a VM. */
  owner?: string;
}

/** Label that a node may carry; says what its guests are run by. */
const ACCELERATION = 'virtdeck.io/acceleration';

interface TypeLinkProps {
  matcher: { kind?: string; name?: string } | undefined;
  namespace: string;
  own: Model;
  cluster: Model;
}

/** The page of an instance type or a preference; without a kind it is one of the cluster. */
function TypeLink({ matcher, namespace, own, cluster }: TypeLinkProps) {
  const isOwn = matcher?.kind?.toLowerCase() === own.kind.toLowerCase();
  return (
    <ResourceLink
      groupVersionKind={isOwn ? own : cluster}
      name={matcher?.name ?? ''}
      {...(isOwn && { namespace })}
    />
  );
}

function LabelList({ labels }: { labels: readonly (readonly [string, string])[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <LabelGroup
      numLabels={6}
      collapsedText={t('More labels')}
      expandedText={t('Fewer labels')}
      aria-label={t('Labels')}
    >
      {labels.map(([key, value]) => (
        <Label key={key} variant="outline" isCompact>
          {value ? `${key}=${value}` : key}
        </Label>
      ))}
    </LabelGroup>
  );
}

/** What the VM is: identity, resources, where it runs. */
export function VmDetailsCard({ vm, vmi, disks, pods: launchers, owner }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const facts = vmFacts(vm, vmi);
  const { namespace, name } = facts;
  const hostname = useGuestHostname(
    { namespace, name },
    { hasAgent: facts.hasAgent, session: facts.vmiUid },
  );
  const acceleration = useNodeLabel(facts.node, ACCELERATION);
  const { topology } = facts;
  const bootDisk = disks[0];

  const compute = [
    t('{{count}} vCPUs', { count: facts.vcpus }),
    ...(facts.memoryBytes === undefined ? [] : [formatBytes(facts.memoryBytes)]),
  ].join(', ');

  return (
    <Card component="section" aria-labelledby="vd-details-title">
      <CardTitle component="h2" id="vd-details-title">
        {t('Details')}
      </CardTitle>
      <CardBody>
        <DetailList
          label={t('Details')}
          columns={3}
          details={[
            { term: t('Name'), value: name },
            {
              term: t('Project'),
              value: (
                <ResourceLink
                  groupVersionKind={{ version: namespaces.version, kind: namespaces.kind }}
                  name={namespace}
                />
              ),
            },
            {
              term: t('Created'),
              value: <Timestamp timestamp={facts.created} />,
            },
            { term: t('Description'), value: facts.description },
            {
              term: t('CPU and memory'),
              value: (
                <span
                  title={t('{{sockets}} sockets, {{cores}} cores, {{threads}} threads', topology)}
                >
                  {compute}
                </span>
              ),
            },
            ...(facts.instancetype
              ? [
                  {
                    term: t('Instance type'),
                    value: (
                      <TypeLink
                        matcher={vm.spec.instancetype}
                        namespace={namespace}
                        own={projectInstancetypes}
                        cluster={clusterInstancetypes}
                      />
                    ),
                  },
                ]
              : []),
            ...(facts.preference
              ? [
                  {
                    term: t('Preference'),
                    value: (
                      <TypeLink
                        matcher={vm.spec.preference}
                        namespace={namespace}
                        own={projectPreferences}
                        cluster={clusterPreferences}
                      />
                    ),
                  },
                ]
              : []),
            {
              term: t('Guest operating system'),
              value:
                facts.guestOs ||
                (vmi && !facts.hasAgent ? (
                  <span className="vd-subtle">{t('Known once the guest agent answers')}</span>
                ) : (
                  ''
                )),
            },
            { term: t('Host name'), value: hostname ?? facts.hostname },
            {
              term: t('IP addresses'),
              value:
                facts.ips.length > 0 ? (
                  <span className="vd-lines">{facts.ips.join('\n')}</span>
                ) : (
                  ''
                ),
            },
            {
              term: t('Node'),
              value: facts.node ? (
                <ResourceLink
                  groupVersionKind={{ version: nodes.version, kind: nodes.kind }}
                  name={facts.node}
                />
              ) : (
                ''
              ),
            },
            ...(acceleration
              ? [{ term: t('Acceleration'), value: accelerationText(t, acceleration) }]
              : []),
            {
              term: t('Pod'),
              value:
                launchers.length > 0
                  ? launchers.map((pod) => (
                      <ResourceLink
                        key={pod}
                        groupVersionKind={{ version: pods.version, kind: pods.kind }}
                        namespace={namespace}
                        name={pod}
                      />
                    ))
                  : '',
            },
            owner === undefined
              ? { term: t('Run strategy'), value: facts.runStrategy }
              : { term: t('Made by'), value: owner },
            {
              term: t('Boot source'),
              value: bootDisk ? bootDisk.origin || bootDisk.sourceName : '',
            },
            {
              term: t('Machine'),
              value: [facts.machine, facts.firmware, facts.architecture].filter(Boolean).join(', '),
            },
            {
              term: t('Labels'),
              value: facts.labels.length > 0 ? <LabelList labels={facts.labels} /> : '',
            },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function accelerationText(t: (key: string) => string, value: string): string {
  switch (value.toLowerCase()) {
    case 'tcg':
      return t('Software emulation (TCG)');
    case 'kvm':
      return t('Hardware (KVM)');
    default:
      return value;
  }
}
