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
  const { isWindowsGuest, hasScreen } = useKindOfGuest({ namespace, name });
  const all: [Kind, string, boolean][] = [
    ['vnc', t('Screen (VNC)'), hasScreen],
    ['serial', t('Serial'), true],
    ['ssh', t('SSH'), true],
    ['rdp', t('Desktop (RDP)'), isWindowsGuest],
  ];
  const labels = all.filter(([, , isOffered]) => isOffered);
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
  const kind = offered.find((one) => one === asked) ?? offered[0] ?? 'serial';
  const setKind = (next: Kind) => {
    query.set('console', next);
    void navigate({ pathname, search: `?${query.toString()}` }, { replace: true });
  };
  return [kind, setKind];
}

/** A headless guest has no screen, and only Windows has desktops by RDP. */
function useKindOfGuest(vm: VmRef): { isWindowsGuest: boolean; hasScreen: boolean } {
  const definition = dataOf(useWatchObject<V1VirtualMachine>({ model: virtualMachines, ...vm }));
  const instance = dataOf(
    useWatchObject<V1VirtualMachineInstance>({ model: virtualMachineInstances, ...vm }),
  );
  const spec = instance?.spec ?? definition?.spec.template.spec;
  return {
    isWindowsGuest: isWindows(definition, instance),
    hasScreen: spec?.domain.devices.autoattachGraphicsDevice !== false,
  };
}
