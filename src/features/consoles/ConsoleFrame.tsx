import { Button, Spinner } from '@patternfly/react-core';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VmRef } from '~/api/vms';
import { useScreenshotAccess } from '~/api/screenshots';
import { consoleWindowHref } from '~/console/navigation';
import { detailOf } from '~/k8s/errors';
import type { ConsoleState } from './ConsoleState';
import { isLeaveKeys, leaveKeysText } from './leaveKeys';
import type { Guest } from './useGuest';
import { WatchedScreen } from './WatchedScreen';
import './consoles.css';

export type ConsoleScreenKind = 'vnc' | 'serial' | 'ssh';

type Props = {
  /** Name of the whole, for screen readers. */
  label: string;
  /** Id that describes the way out of the keyboard; referred to by what takes the keys. */
  hintId: string;
  vm: VmRef;
  isOwnWindow: boolean;
  guest: Guest;
  state: ConsoleState;
  target: RefObject<HTMLDivElement>;
  /** Where the keyboard goes when it leaves the console. */
  tools: ReactNode;
  /** A line of help or news; the way out of the keyboard is told besides. */
  notice?: string | undefined;
  /** The kind of screen: terminals have a dark ground always. */
  kind: ConsoleScreenKind;
  /** Shown on a running guest in place of what is said of the connection. */
  instead?: ReactNode;
  onOpen: (options?: { takeOver: boolean }) => void;
  onRelease: () => void;
  /** Gives the connection up, for another window to have it. */
  onHold: () => void;
};

/** What both consoles have around them: tools, the state of the connection, the keyboard's way out. */
export function ConsoleFrame(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { hintId, guest, state, target, tools, notice, kind } = props;
  const frame = useRef<HTMLDivElement>(null);

  const leave = (event: KeyboardEvent) => {
    if (!isLeaveKeys(event)) return;
    event.preventDefault();
    event.stopPropagation();
    props.onRelease();
    frame.current?.querySelector<HTMLElement>('.vd-console__tools button:enabled')?.focus();
  };

  return (
    <div className="vd-console" ref={frame} role="group" aria-label={props.label}>
      <div className="vd-console__tools" role="toolbar" aria-label={t('Console tools')}>
        {tools}
        <Button size="sm" variant="secondary" onClick={() => void toggleFullScreen(frame.current)}>
          {t('Full screen')}
        </Button>
        {props.isOwnWindow ? null : (
          <Button
            size="sm"
            variant="secondary"
            onClick={() => {
              // The console goes along: two would take it from each other.
              props.onHold();
              openWindow(props.vm, kind);
            }}
          >
            {t('Own window')}
          </Button>
        )}
      </div>
      <div
        className={`vd-console__screen vd-console__screen--${kind === 'vnc' ? 'picture' : 'terminal'}`}
        data-phase={state.phase}
        onKeyDownCapture={leave}
      >
        <div className="vd-console__target" ref={target} />
        {guest.state === 'running' && state.phase === 'connected' ? null : <Cover {...props} />}
      </div>
      <p className="vd-console__hint">
        <span id={hintId}>
          {t('While the console has the focus, it takes all keys. {{keys}} gives them back.', {
            keys: leaveKeysText,
          })}
        </span>{' '}
        <span role="status">{notice}</span>
      </p>
    </div>
  );
}

function openWindow(vm: VmRef, kind: ConsoleScreenKind): void {
  window.open(
    consoleWindowHref(vm, kind),
    `virtdeck-${vm.namespace}-${vm.name}`,
    'width=1100,height=860',
  );
}

async function toggleFullScreen(frame: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement === null) await frame?.requestFullscreen();
  else await document.exitFullscreen();
}

/** What is said in place of the picture, above the last one. */
function Cover(props: Props) {
  const { kind, vm, guest, state } = props;
  const [isWatching, setWatching] = useState(false);
  const isShut = kind === 'vnc' && guest.state === 'running' && state.phase === 'closed';
  const access = useScreenshotAccess(vm.namespace);
  const mayWatch = isShut && access.allowed;
  if (mayWatch && isWatching) {
    return <WatchedScreen vm={vm} onEnd={() => setWatching(false)} />;
  }
  const { instead } = props;
  if (guest.state === 'running' && instead !== undefined) {
    return <div className="vd-console__cover">{instead}</div>;
  }
  return (
    <div className="vd-console__cover">
      <CoverText {...props} {...(mayWatch ? { onWatch: () => setWatching(true) } : {})} />
    </div>
  );
}

type CoverProps = Pick<Props, 'guest' | 'state' | 'onOpen'> & { onWatch?: () => void };

function CoverText({ guest, state, onOpen, onWatch }: CoverProps) {
  const { t } = useTranslation('plugin__virtdeck');
  switch (guest.state) {
    case 'loading':
      return <Waiting text={t('Looking for the VirtualMachineInstance')} />;
    case 'starting':
      return <Waiting text={t('The virtual machine is starting. The console opens by itself.')} />;
    case 'absent':
    case 'ended':
      return (
        <Message
          title={t('The virtual machine is not running')}
          detail={t('The console opens by itself as soon as it runs.')}
        />
      );
    case 'error':
      return (
        <Message title={t(guest.error.title)} detail={guest.error.detail}>
          <Button onClick={guest.retry}>{t('Retry')}</Button>
        </Message>
      );
    case 'running':
      break;
  }
  if (state.phase === 'idle') {
    return (
      <Message
        title={t('The console is not connected')}
        detail={t('It may be open in a window of its own.')}
      >
        <Button onClick={() => onOpen()}>{t('Connect')}</Button>
      </Message>
    );
  }
  if (state.phase === 'lost') {
    const text = guest.isMigrating
      ? t('The virtual machine moves to another node. The console comes back by itself.')
      : t('The connection is lost. The console comes back by itself.');
    return (
      <Waiting text={text} detail={detailOf(state.failure, t)}>
        <Button variant="secondary" onClick={() => onOpen()}>
          {t('Reconnect now')}
        </Button>
      </Waiting>
    );
  }
  if (state.phase !== 'closed') return <Waiting text={t('Connecting')} />;
  const watch = onWatch && (
    <Button variant="secondary" onClick={onWatch}>
      {t('Watch only')}
    </Button>
  );
  if (state.inUse) {
    return (
      <Message
        title={t('Somebody else has this console open')}
        detail={t('There can be one viewer only. Taking over ends the connection of the other.')}
      >
        <Button onClick={() => onOpen({ takeOver: true })}>{t('Take over')}</Button>
        <Button variant="secondary" onClick={() => onOpen()}>
          {t('Try again')}
        </Button>
        {watch}
      </Message>
    );
  }
  return (
    <Message title={t(state.failure.title)} detail={detailOf(state.failure, t)}>
      <Button onClick={() => onOpen()}>{t('Reconnect')}</Button>
      {watch}
    </Message>
  );
}

function Waiting(props: { text: string; detail?: string; children?: ReactNode }) {
  return (
    <div className="vd-console__message" role="status">
      <Spinner size="lg" aria-label={props.text} />
      <p>{props.text}</p>
      {props.detail === undefined ? null : <p className="vd-console__detail">{props.detail}</p>}
      {props.children}
    </div>
  );
}

function Message(props: { title: string; detail: string; children?: ReactNode }) {
  return (
    <div className="vd-console__message" role="status">
      <h2 className="vd-console__title">{props.title}</h2>
      <p className="vd-console__detail">{props.detail}</p>
      {props.children === undefined ? null : (
        <div className="vd-console__actions">{props.children}</div>
      )}
    </div>
  );
}
