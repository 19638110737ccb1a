import { Alert, AlertActionLink, ClipboardCopy } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { VmRef } from '~/api/vms';
import { Timestamp } from '~/console/Timestamp';
import { useNavigate, vmHref } from '~/console/navigation';
import { shellQuote } from '~/k8s/shellQuote';
import type { Why } from '~/kubevirt/why/vmWhy';

import type { VmActionItem } from '../actions/useVmActions';

interface Props {
  vm: VmRef;
  whys: readonly Why[];
  actions: readonly VmActionItem[];
  /** When a VM that crashes is started again, ISO 8601; empty when it is not waiting. */
  retryAt: string;
}

/** Why the VM is not what was asked for: a sentence, the cluster's own words, and the way to mend it. */
export function VmWhyAlerts({ vm, whys, actions, retryAt }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <>
      {whys.map((why) => (
        <Alert
          key={why.rule}
          isInline
          component="h2"
          variant={why.tone}
          title={t(why.sentence, why.values)}
          actionLinks={<Fix vm={vm} why={why} actions={actions} />}
        >
          {why.message ? (
            <p className="vd-server-text">
              {why.reason ? `${why.reason}: ` : ''}
              {why.message}
            </p>
          ) : null}
          {why.rule === 'crashLoop' && retryAt ? (
            <p>
              {t('Next attempt:')} <Timestamp timestamp={retryAt} simple />
            </p>
          ) : null}
          <p>{t(why.advice, why.values)}</p>
        </Alert>
      ))}
    </>
  );
}

function Fix({ vm, why: { fix }, actions }: Pick<Props, 'vm' | 'actions'> & { why: Why }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  switch (fix.kind) {
    case 'tab':
      return (
        <AlertActionLink onClick={() => void navigate(vmHref(vm, fix.tab))}>
          {t(fix.label)}
        </AlertActionLink>
      );
    case 'command':
      return (
        <ClipboardCopy
          isReadOnly
          variant="inline-compact"
          hoverTip={t('Copy')}
          clickTip={t('Copied')}
          aria-label={t(fix.label)}
        >
          {fix.command.replaceAll('{{namespace}}', shellQuote(vm.namespace))}
        </ClipboardCopy>
      );
    case 'action': {
      const action = actions.find(({ id }) => id === fix.action);
      return action === undefined || action.disabledReason !== undefined ? null : (
        <AlertActionLink onClick={action.run}>{t(fix.label)}</AlertActionLink>
      );
    }
  }
}
