import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useEventsAbout } from '~/api/events';
import { useLogTexts } from '~/api/useLogTexts';
import { usePodLog } from '~/api/usePodLog';
import { useWatchList } from '~/api/useWatch';
import { pods } from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import type { TaskRow } from '~/kubevirt/taskRow';
import { type EventRow, toEventRow } from '~/kubevirt/vmEvents';
import { toPodRow } from '~/kubevirt/why/rows';
import { LogView, mostLinesShown } from '~/ui/LogView';

import { useTaskTitles } from './useTaskTitles';

interface Props {
  task: TaskRow;
  onClose: () => void;
}

const eventsKey = 'events';

/** An event as a line of a log. */
const lineOf = ({ lastSeen, reason, kind, name, message }: EventRow) =>
  `${lastSeen} ${reason} ${kind}/${name}: ${message}`;

/** What was told of something that the cluster does: events, and the logs of its pods that are there. */
export function TaskLogDialog({ task, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = task;
  const title = useTaskTitles()[task.kind];
  const events = useEventsAbout(namespace, [name, ...task.pods], toEventRow);
  const known = useWatchList(
    task.pods.length === 0 ? undefined : { model: pods, namespace, toRow: toPodRow },
  );
  const there = (rowsOf(known) ?? []).filter((pod) => task.pods.includes(pod.name));
  const sources = there.flatMap((pod) =>
    pod.containers.map((container) => ({
      ...{ key: `${pod.name} ${container}`, label: `${pod.name}, ${container}` },
      ...{ pod: pod.name, container },
    })),
  );
  const [chosen, setChosen] = useState(eventsKey);
  const source = sources.find(({ key }) => key === chosen);
  const log = usePodLog(namespace, source);
  const told = useMemo(() => (rowsOf(events) ?? []).map(lineOf).sort(), [events]);
  const texts = useLogTexts(log, mostLinesShown);
  const failure = source ? log.failure : events.state === 'error' ? events.error : undefined;
  return (
    <Modal isOpen variant="large" onClose={onClose} aria-labelledby="vd-task-log-title">
      <ModalHeader
        labelId="vd-task-log-title"
        title={t('Log of {{task}}', { task: title })}
        description={name}
      />
      <ModalBody>
        <LogView
          sources={[{ key: eventsKey, label: t('Events') }, ...sources]}
          chosen={source ? source.key : eventsKey}
          onChoose={setChosen}
          lines={source ? log.lines : told}
          failure={failure && { title: t(failure.title), detail: failure.detail }}
          fileName={`${name}.log`}
          texts={{
            ...texts,
            state: source
              ? texts.state
              : told.length === 0
                ? t('Nothing was reported lately. Events are kept for an hour.')
                : '',
          }}
        />
      </ModalBody>
      <ModalFooter>
        <Button variant="secondary" onClick={onClose}>
          {t('Close')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
