import { Spinner, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VmRef } from '~/api/vms';
import './consoles.css';

// Chunks of their own: they bring noVNC and xterm.
const VncConsole = lazy(() =>
  import('./VncConsole').then((module) => ({ default: module.VncConsole })),
);
const SerialConsole = lazy(() =>
  import('./SerialConsole').then((module) => ({ default: module.SerialConsole })),
);

interface Props extends VmRef {
  /** It has a window of its own, and offers none. */
  isOwnWindow?: boolean;
}

/** Screen or serial line of a VM's guest. */
export function VmConsole({ namespace, name, isOwnWindow = false }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [kind, setKind] = useState<'vnc' | 'serial'>('vnc');
  const props = { namespace, name, isOwnWindow };
  return (
    <div className="vd-console-kinds">
      <ToggleGroup aria-label={t('Kind of console')}>
        <ToggleGroupItem
          text={t('Screen (VNC)')}
          isSelected={kind === 'vnc'}
          onChange={() => setKind('vnc')}
        />
        <ToggleGroupItem
          text={t('Serial')}
          isSelected={kind === 'serial'}
          onChange={() => setKind('serial')}
        />
      </ToggleGroup>
      <Suspense fallback={<Spinner aria-label={t('Loading the console')} />}>
        {kind === 'vnc' ? <VncConsole {...props} /> : <SerialConsole {...props} />}
      </Suspense>
    </div>
  );
}
