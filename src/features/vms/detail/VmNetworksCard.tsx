import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { useTranslation } from 'react-i18next';

import { type InterfaceState, type VmInterface, vmInterfaces } from '~/kubevirt/vmInterfaces';
import { type CardColumn, CardTable } from '~/ui/CardTable';
import { ToneLabel } from '~/ui/ToneLabel';

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

type T = ReturnType<typeof useTranslation<'plugin__virtdeck'>>['t'];

export function interfaceColumns(t: T): readonly CardColumn<VmInterface>[] {
  return [
    {
      title: t('Name'),
      cell: ({ name, guestName }) => (
        <>
          {name || guestName}
          {name && guestName ? <span className="vd-subtle"> {guestName}</span> : null}
        </>
      ),
    },
    {
      title: t('Network'),
      cell: ({ network }) => (network === 'pod' ? t('Pod network') : network || t('Guest only')),
    },
    {
      title: t('Type'),
      cell: ({ binding, model }) => [binding, model].filter(Boolean).join(', '),
    },
    {
      title: t('IP addresses'),
      cell: ({ ips }) => <span className="vd-lines">{ips.join('\n') || '–'}</span>,
    },
    { title: t('State'), isShort: true, cell: ({ state }) => state && <NicState state={state} /> },
    { title: t('MAC address'), isShort: true, cell: ({ mac }) => mac },
  ];
}

function NicState({ state }: { state: InterfaceState }) {
  const { t } = useTranslation('plugin__virtdeck');
  switch (state) {
    case 'up':
      return <ToneLabel isPlain tone="success" text={t('Plugged in')} />;
    case 'down':
      return <ToneLabel isPlain tone="neutral" text={t('Cable unplugged')} />;
    case 'plugging':
      return <ToneLabel isPlain tone="progress" text={t('Being plugged in')} />;
    case 'unplugging':
      return <ToneLabel isPlain tone="progress" text={t('Being unplugged')} />;
    case 'moving':
      return <ToneLabel isPlain tone="progress" text={t('Changes with a migration')} />;
    case 'restart':
      return <ToneLabel isPlain tone="warning" text={t('Changes at the next restart')} />;
  }
}

/** Network interfaces: as written, and what the running guest has of them. */
export function VmNetworksCard({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CardTable
      id="vd-networks"
      title={t('Network interfaces')}
      emptyText={t('It has no network interfaces.')}
      rows={vmInterfaces(vm, vmi)}
      rowKey={({ key }) => key}
      columns={interfaceColumns(t)}
    />
  );
}
