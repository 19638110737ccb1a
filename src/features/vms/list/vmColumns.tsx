import type { ReactNode } from 'react';

import { Link, vmHref } from '~/console/navigation';
import { ResourceLink } from '~/console/ResourceLink';
import { Timestamp } from '~/console/Timestamp';
import { nodes } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import type { Use } from '~/kubevirt/vmMetrics';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { KindBadge } from '~/ui/KindBadge';
import { ToneLabel } from '~/ui/ToneLabel';

import { formatMetric } from '../formatMetric';
import { VmStatusLabel } from '../VmStatusLabel';
import type { RowOrder } from './rowSort';
import { titleWidth } from './titleWidth';

type T = (key: string, values?: Record<string, unknown>) => string;

/** A column that the user may choose. */
export interface VmColumn {
  id: string;
  title: string;
  /** CSS pixels, until the user changes it. */
  width: number;
  /** Shown until the user chooses. */
  isDefault: boolean;
  order: RowOrder;
  /** Of VMs alone, or of instances without one. */
  isOf?: 'vm' | 'instance';
  /** Of what is measured: asked for while the column is shown. */
  use?: Use;
  /** For files; also what `render` shows when there is none. */
  text: (row: VmListRow) => string;
  render?: (row: VmListRow) => ReactNode;
}

const nodeKind = { version: nodes.version, kind: nodes.kind };

const dash = <span className="vd-subtle">–</span>;

/** All columns but the menu, in the order in which they are shown until the user changes it. */
export function vmColumns(t: T): readonly VmColumn[] {
  return [
    ...identityColumns(t),
    ...placeColumns(t),
    ...sizeColumns(t),
    ...metricColumns(t),
    ...moreColumns(t),
  ].map((column) => ({ ...column, width: Math.max(column.width, titleWidth(column.title)) }));
}

function identityColumns(t: T): VmColumn[] {
  return [
    {
      id: 'name',
      title: t('Name'),
      width: 200,
      isDefault: true,
      order: (row) => row.nameOrder,
      text: (row) => row.name,
      render: (row) => (
        <span className="vd-name">
          {row.isInstance ? (
            <KindBadge text="VMI" title={t('VirtualMachineInstance')} />
          ) : (
            <KindBadge text="VM" title={t('VirtualMachine')} />
          )}
          <Link to={vmHref(row)} title={row.name}>
            {row.name}
          </Link>
        </span>
      ),
    },
    {
      id: 'project',
      title: t('Project'),
      width: 118,
      isDefault: true,
      order: (row) => row.namespace,
      text: (row) => row.namespace,
    },
    {
      id: 'status',
      title: t('Status'),
      width: 172,
      isDefault: true,
      order: (row) => row.status,
      text: (row) => [row.status, row.problem?.message].filter(Boolean).join(': '),
      render: (row) => <VmStatusLabel status={row.status} problem={row.problem} vm={row} isPlain />,
    },
    {
      id: 'conditions',
      title: t('Conditions'),
      width: 200,
      isDefault: false,
      order: (row) => row.conditions.join(' '),
      text: (row) => row.conditions.join(' '),
      render: (row) => several(row.conditions),
    },
  ];
}

function placeColumns(t: T): VmColumn[] {
  return [
    {
      id: 'node',
      title: t('Node'),
      width: 108,
      isDefault: true,
      order: (row) => row.node,
      text: (row) => row.node,
      render: (row) =>
        row.node === '' ? dash : <ResourceLink groupVersionKind={nodeKind} name={row.node} />,
    },
    {
      id: 'ip',
      title: t('IP address'),
      width: 136,
      isDefault: true,
      order: (row) => row.ipOrder,
      text: (row) => [row.ip, ...row.moreIps].filter(Boolean).join(' '),
      render: (row) => several([row.ip, ...row.moreIps].filter(Boolean)),
    },
    {
      id: 'mac',
      title: t('MAC address'),
      width: 160,
      isDefault: false,
      order: (row) => row.macs[0],
      text: (row) => row.macs.join(' '),
      render: (row) => several(row.macs),
    },
  ];
}

function sizeColumns(t: T): VmColumn[] {
  return [
    {
      id: 'cpu',
      title: t('CPU'),
      width: 100,
      isDefault: true,
      order: (row) => row.vcpus,
      text: (row) => `${row.vcpus ?? ''}`,
    },
    {
      id: 'memory',
      title: t('Memory'),
      width: 116,
      isDefault: true,
      order: (row) => row.memoryBytes,
      text: (row) => (row.memoryBytes === undefined ? '' : formatBytes(row.memoryBytes)),
    },
    {
      id: 'created',
      title: t('Created'),
      width: 184,
      isDefault: true,
      order: (row) => row.created,
      text: (row) => row.created,
      // The full one brings a tooltip with it, which is most of a row's cost.
      render: (row) => <Timestamp timestamp={row.created} simple />,
    },
  ];
}

/** Part of its CPUs that a VM uses; cores where it is not known how many it has. */
function cpuPart({ use, vcpus }: VmListRow): number | undefined {
  return use?.cpu === undefined ? undefined : use.cpu / (vcpus ?? 1);
}

function metricColumns(t: T): VmColumn[] {
  return [
    {
      id: 'cpu-use',
      title: t('CPU use'),
      width: 108,
      isDefault: false,
      use: 'cpu',
      order: cpuPart,
      text: (row) => {
        const part = cpuPart(row);
        return part === undefined ? '' : `${Number((part * 100).toPrecision(2))} %`;
      },
    },
    {
      id: 'memory-use',
      title: t('Memory use'),
      width: 128,
      isDefault: false,
      use: 'memory',
      order: ({ use }) => use?.memory,
      text: ({ use }) => (use?.memory === undefined ? '' : formatMetric(use.memory, 'bytes')),
    },
    {
      id: 'network-use',
      title: t('Network use'),
      width: 128,
      isDefault: false,
      use: 'network',
      order: ({ use }) => use?.network,
      text: ({ use }) =>
        use?.network === undefined ? '' : formatMetric(use.network, 'bytesPerSecond'),
    },
  ];
}

function moreColumns(t: T): VmColumn[] {
  return [
    {
      id: 'instancetype',
      title: t('Instance type'),
      width: 170,
      isDefault: false,
      order: (row) => row.instancetype,
      text: (row) => row.instancetype,
    },
    {
      id: 'os',
      title: t('Operating system'),
      width: 200,
      isDefault: false,
      order: (row) => row.os,
      text: (row) => row.os,
    },
    {
      id: 'storageclass',
      title: t('Storage class'),
      width: 200,
      isDefault: false,
      order: (row) => row.storageClasses.join(' '),
      text: (row) => row.storageClasses.join(' '),
      render: (row) => several(row.storageClasses),
    },
    {
      id: 'migration',
      title: t('Last migration'),
      width: 180,
      isDefault: false,
      order: (row) => row.migration?.at,
      text: ({ migration }) => (migration ? `${migration.state} ${migration.at}` : ''),
      render: ({ migration }) =>
        migration ? <Migration t={t} state={migration.state} at={migration.at} /> : dash,
    },
    {
      id: 'owner',
      isOf: 'instance',
      title: t('Made by'),
      width: 200,
      isDefault: true,
      order: (row) => row.owner,
      text: (row) => row.owner ?? '',
    },
    {
      id: 'protection',
      isOf: 'vm',
      title: t('Deletion protection'),
      width: 200,
      isDefault: false,
      order: (row) => (row.isProtected ? 'a' : 'b'),
      text: (row) => (row.isProtected ? t('On') : t('Off')),
    },
    {
      id: 'group',
      title: t('Group'),
      width: 120,
      isDefault: false,
      order: (row) => row.group,
      text: (row) => row.group,
    },
    {
      id: 'runstrategy',
      isOf: 'vm',
      title: t('Run strategy'),
      width: 190,
      isDefault: false,
      order: (row) => row.runStrategy,
      text: (row) => row.runStrategy,
    },
    {
      id: 'labels',
      title: t('Labels'),
      width: 200,
      isDefault: false,
      order: (row) => row.labels.join(' '),
      text: (row) => row.labels.join(' '),
      render: (row) => several(row.labels),
    },
  ];
}

interface MigrationProps {
  t: T;
  state: 'running' | 'succeeded' | 'failed';
  at: string;
}

function Migration({ t, state, at }: MigrationProps) {
  const looks = {
    running: { tone: 'progress', text: t('Since') },
    succeeded: { tone: 'success', text: t('Succeeded') },
    failed: { tone: 'danger', text: t('Failed') },
  } as const;
  return (
    <>
      <ToneLabel isPlain tone={looks[state].tone} text={looks[state].text} />{' '}
      <Timestamp timestamp={at} simple />
    </>
  );
}

/** The first of several values and how many more; the title has all. */
function several(values: readonly string[]): ReactNode {
  const [first, ...more] = values;
  if (first === undefined) return dash;
  return (
    <span title={values.join('\n')}>
      {first}
      {more.length > 0 ? <span className="vd-subtle"> {`+${more.length}`}</span> : null}
    </span>
  );
}

/** What a cell shows. */
export function columnCell(column: VmColumn, row: VmListRow): ReactNode {
  return column.render ? column.render(row) : column.text(row) || dash;
}
