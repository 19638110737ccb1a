import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { Timestamp } from '~/console/Timestamp';
import { vmFacts } from '~/kubevirt/vmFacts';
import { vmStatuses } from '~/kubevirt/vmStatus';

import { problemAdvice } from '../problemAdvice';
import { vmProblem } from '~/kubevirt/vmProblem';
import type { VmDisk } from '~/kubevirt/vmDisks';

interface Props {
  vm: V1VirtualMachine;
  disks: readonly VmDisk[];
}

/** What is wrong, in the cluster's words, and what to do next. */
export function VmProblemAlert({ vm, disks }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { status, restartRequired, retryAt } = vmFacts(vm, undefined);
  const { tone, label } = vmStatuses[status];
  const failedDisks = disks.flatMap(({ name, dataVolume }) =>
    dataVolume && dataVolume.failure !== '' ? [{ name, failure: dataVolume.failure }] : [],
  );
  const known = vmProblem(vm);
  const problem =
    known ??
    (failedDisks.length > 0
      ? ({ kind: 'dataVolume', reason: 'DataVolumeError', message: '' } as const)
      : undefined);
  return (
    <>
      {problem ? (
        <Alert
          isInline
          component="h2"
          variant={tone === 'danger' || failedDisks.length > 0 ? 'danger' : 'warning'}
          title={tone === 'danger' ? `${t(label)}: ${problem.reason}` : problem.reason}
        >
          {problem.message ? <p className="vd-server-text">{problem.message}</p> : null}
          {problem.kind === 'dataVolume'
            ? failedDisks.map(({ name, failure }) => (
                <p key={name} className="vd-server-text">
                  {name}: {failure}
                </p>
              ))
            : null}
          {problem.kind === 'crashLoop' && retryAt ? (
            <p>
              {t('Next attempt:')} <Timestamp timestamp={retryAt} simple />
            </p>
          ) : null}
          <p>{problemAdvice(t, problem.kind)}</p>
        </Alert>
      ) : null}
      {restartRequired !== undefined ? (
        <Alert
          isInline
          component="h2"
          variant="info"
          title={t('Changes take effect after a restart')}
        >
          {restartRequired}
        </Alert>
      ) : null}
    </>
  );
}
