import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Spinner, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useWatchObject } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import { useLocation, useNavigate } from '~/console/navigation';
import { dataOf } from '~/k8s/Watched';
import { virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { isWindows } from '~/kubevirt/isWindows';
import './consoles.css';

// Chunks of their own: they bring noVNC, xterm and an SSH client.
const consoles = {
  vnc: lazy(() => import('./VncConsole').then((module) => ({ default: module.VncConsole }))),
  serial: lazy(() =>
    import('./SerialConsole').then((module) => ({ default: module.SerialConsole })),
  ),
  ssh: lazy(() => import('./ssh/SshConsole').then((module) => ({ default: module.SshConsole }))),
  rdp: lazy(() => import('./rdp/RdpAccess').then((module) => ({ default: module.RdpAccess }))),
};

type Kind = keyof typeof consoles;

interface Props extends VmRef {
  /** It has a window of its own, and offers none. */
  isOwnWindow?: boolean;
}

/** Screen, serial line or shell of a VM's guest; which one stands in the address. */
export function VmConsole({ namespace, name, isOwnWindow = false }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const labels: [Kind, string][] = [
    ['vnc', t('Screen (VNC)')],
    ['serial', t('Serial')],
    ['ssh', t('SSH')],
    ...(useIsWindows({ namespace, name }) ? [['rdp', t('Desktop (RDP)')] as [Kind, string]] : []),
  ];
  const [kind, setKind] = useKind(labels.map(([one]) => one));
  const Console = consoles[kind];
  return (
    <div className="vd-console-kinds">
      <ToggleGroup className="vd-console-choice" aria-label={t('Kind of console')}>
        {labels.map(([one, label]) => (
          <ToggleGroupItem
            key={one}
            text={label}
            isSelected={kind === one}
            onChange={() => setKind(one)}
          />
        ))}
      </ToggleGroup>
      <Suspense fallback={<Spinner aria-label={t('Loading the console')} />}>
        <Console namespace={namespace} name={name} isOwnWindow={isOwnWindow} />
      </Suspense>
    </div>
  );
}

function useKind(offered: readonly Kind[]): [Kind, (kind: Kind) => void] {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const query = new URLSearchParams(search);
  const asked = query.get('console');
  const kind = offered.find((one) => one === asked) ?? 'vnc';
  const setKind = (next: Kind) => {
    query.set('console', next);
    void navigate({ pathname, search: `?${query.toString()}` }, { replace: true });
  };
  return [kind, setKind];
}

function useIsWindows(vm: VmRef): boolean {
  const definition = useWatchObject<V1VirtualMachine>({ model: virtualMachines, ...vm });
  const instance = useWatchObject<V1VirtualMachineInstance>({
    model: virtualMachineInstances,
    ...vm,
  });
  return isWindows(dataOf(definition), dataOf(instance));
}
