import { Button, Label, Popover } from '@patternfly/react-core';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import InProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import type { ComponentType, ReactNode } from 'react';

import type { Tone } from './tone';
import './ui.css';

type LabelLook = { status: 'success' | 'info' | 'warning' | 'danger' } | { color: 'blue' | 'grey' };

const LOOKS = {
  success: { icon: CheckCircleIcon, look: { status: 'success' } },
  info: { icon: InfoCircleIcon, look: { status: 'info' } },
  progress: { icon: InProgressIcon, look: { color: 'blue' } },
  warning: { icon: ExclamationTriangleIcon, look: { status: 'warning' } },
  danger: { icon: ExclamationCircleIcon, look: { status: 'danger' } },
  neutral: { icon: BanIcon, look: { color: 'grey' } },
} satisfies Record<Tone, { icon: ComponentType; look: LabelLook }>;

interface Props {
  tone: Tone;
  text: string;
  /** Another icon than the tone's own. */
  icon?: ComponentType | undefined;
  /** Without a frame, for tables: a framed label measures itself when it is drawn. */
  isPlain?: boolean;
  /** Makes the label a button that opens this explanation. */
  explanation?: { title: string; body: string; closeLabel: string; action?: ReactNode } | undefined;
}

/** A state by icon, colour and word: never by colour alone. */
export function ToneLabel({ tone, text, icon, isPlain, explanation }: Props) {
  const { icon: toneIcon, look } = LOOKS[tone];
  const Icon = icon ?? toneIcon;
  const shared = {
    ...look,
    icon: <Icon />,
    isCompact: true,
    variant: 'outline' as const,
  };
  const plain = (
    <>
      <span className={`vd-tone-icon vd-tone-${tone}`}>
        <Icon />
      </span>{' '}
      {text}
    </>
  );
  if (!explanation) {
    return isPlain ? <span className="vd-tone">{plain}</span> : <Label {...shared}>{text}</Label>;
  }
  return (
    <Popover
      headerContent={explanation.title}
      footerContent={explanation.action}
      bodyContent={<span className="vd-server-text">{explanation.body}</span>}
      closeBtnAriaLabel={explanation.closeLabel}
    >
      {isPlain ? (
        <Button variant="link" isInline className="vd-tone">
          {plain}
        </Button>
      ) : (
        <Label {...shared} onClick={() => undefined}>
          {text}
        </Label>
      )}
    </Popover>
  );
}
