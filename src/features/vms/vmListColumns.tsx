import { Link, vmHref } from '~/console/navigation';
import { ResourceLink } from '~/console/ResourceLink';
import { Timestamp } from '~/console/Timestamp';
import { nodes } from '~/k8s/models';
import { KindBadge } from '~/ui/KindBadge';
import type { ConfirmRequest } from '~/ui/useConfirm';
import type { Column } from '~/ui/VirtualTable';

import { VmActionsMenu } from './VmActionsMenu';
import type { VmListRow } from '~/kubevirt/vmRow';
import { VmStatusLabel } from './VmStatusLabel';

interface Options {
  t: (key: string, values?: Record<string, unknown>) => string;
  ask: (request: ConfirmRequest) => void;
  showsProject: boolean;
}

const nodeKind = { version: nodes.version, kind: nodes.kind };

const dash = <span className="vd-subtle">–</span>;

/** Columns of the list; the identifiers are those of `vmListState`. */
export function vmListColumns({ t, ask, showsProject }: Options): readonly Column<VmListRow>[] {
  const project: Column<VmListRow> = {
    id: 'project',
    title: t('Project'),
    width: '14%',
    isSortable: true,
    render: (row) => row.namespace,
  };
  return [
    {
      id: 'name',
      title: t('Name'),
      isSortable: true,
      render: (row) => (
        <span className="vd-name">
          <KindBadge text="VM" title={t('VirtualMachine')} />
          <Link to={vmHref(row)} title={row.name}>
            {row.name}
          </Link>
        </span>
      ),
    },
    ...(showsProject ? [project] : []),
    {
      id: 'status',
      title: t('Status'),
      width: '14%',
      isSortable: true,
      render: (row) => <VmStatusLabel status={row.status} problem={row.problem} vm={row} isPlain />,
    },
    {
      id: 'node',
      title: t('Node'),
      width: '15%',
      isSortable: true,
      render: (row) =>
        row.node === '' ? dash : <ResourceLink groupVersionKind={nodeKind} name={row.node} />,
    },
    {
      id: 'ip',
      title: t('IP address'),
      width: '17%',
      isSortable: true,
      render: (row) =>
        row.ip === '' ? (
          dash
        ) : (
          <span title={row.moreIps.join('\n')}>
            {row.ip}
            {row.moreIps.length > 0 ? (
              <span className="vd-subtle"> {`+${row.moreIps.length}`}</span>
            ) : null}
          </span>
        ),
    },
    {
      id: 'created',
      title: t('Created'),
      width: '14%',
      isSortable: true,
      // The full one brings a tooltip with it, which is most of a row's cost.
      render: (row) => <Timestamp timestamp={row.created} simple />,
    },
    {
      id: 'menu',
      title: t('Actions'),
      width: '4rem',
      isMenu: true,
      render: (row) => <VmActionsMenu vm={row} ask={ask} />,
    },
  ];
}
