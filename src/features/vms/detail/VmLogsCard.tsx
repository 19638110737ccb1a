import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLogTexts } from '~/api/useLogTexts';
import { usePodLog } from '~/api/usePodLog';
import type { PodRow } from '~/kubevirt/why/rows';
import { LogView, mostLinesShown } from '~/ui/LogView';

interface Props {
  namespace: string;
  pods: readonly PodRow[];
}

/** Containers whose logs say something about the guest, the guest's own first. */
const containers = ['guest-console-log', 'compute'];

/** The logs of the guest's serial line and of its launcher: followed, searched, saved. */
export function VmLogsCard({ namespace, pods }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const names: Record<string, string> = {
    'guest-console-log': t('Guest (serial console)'),
    compute: t('Launcher'),
  };
  const sources = pods.flatMap((pod) =>
    containers
      .filter((container) => pod.containers.includes(container))
      .map((container) => ({
        key: `${pod.name} ${container}`,
        label: [names[container] ?? container, ...(pods.length > 1 ? [pod.name] : [])].join(', '),
        pod: pod.name,
        container,
      })),
  );
  const [chosen, setChosen] = useState<string>();
  const source = sources.find(({ key }) => key === chosen) ?? sources[0];
  const log = usePodLog(namespace, source);
  const texts = useLogTexts(log, mostLinesShown);
  const { failure } = log;
  return (
    <Card component="section" aria-labelledby="vd-logs-title">
      <CardTitle component="h2" id="vd-logs-title">
        {t('Logs')}
      </CardTitle>
      <CardBody>
        {source === undefined ? (
          <span className="vd-subtle">{t('There are logs while it runs.')}</span>
        ) : (
          <LogView
            sources={sources}
            chosen={source.key}
            onChoose={setChosen}
            lines={log.lines}
            failure={failure && { title: t(failure.title), detail: failure.detail }}
            fileName={`${source.pod}-${source.container}.log`}
            texts={texts}
          />
        )}
      </CardBody>
    </Card>
  );
}
