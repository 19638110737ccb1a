import {
  Alert,
  Button,
  Card,
  CardBody,
  CardTitle,
  Checkbox,
  FormSelect,
  FormSelectOption,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { type LogState, PodLog } from '~/api/PodLog';
import type { PodRow } from '~/kubevirt/why/rows';
import { textDownload } from '~/ui/textDownload';

import './detail.css';

interface Props {
  namespace: string;
  pods: readonly PodRow[];
}

/** Containers whose logs say something about the guest, the guest's own first. */
const containers = ['guest-console-log', 'compute'];

/** More lines than these are not drawn; the download has all. */
const mostShown = 2_000;

const nothing: LogState = { phase: 'ended', lines: [], dropped: 0, failure: undefined };
const noLog = { get: () => nothing, subscribe: () => () => undefined };

/** The logs of the guest's serial line and of its launcher: followed, searched, saved. */
export function VmLogsCard({ namespace, pods }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = pods.flatMap((pod) =>
    containers
      .filter((container) => pod.containers.includes(container))
      .map((container) => ({ key: `${pod.name} ${container}`, pod: pod.name, container })),
  );
  const [chosen, setChosen] = useState<string>();
  const [search, setSearch] = useState('');
  const [isWrapped, setWrapped] = useState(true);
  const source = sources.find(({ key }) => key === chosen) ?? sources[0];
  const log = useLog(namespace, source);
  const state = useSyncExternalStore(log.subscribe, log.get);
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return wanted === ''
      ? state.lines
      : state.lines.filter((line) => line.toLowerCase().includes(wanted));
  }, [state.lines, search]);
  const names: Record<string, string> = {
    'guest-console-log': t('Guest (serial console)'),
    compute: t('Launcher'),
  };
  return (
    <Card component="section" aria-labelledby="vd-logs-title">
      <CardTitle component="h2" id="vd-logs-title">
        {t('Logs')}
      </CardTitle>
      <CardBody>
        {source === undefined ? (
          <span className="vd-subtle">{t('There are logs while it runs.')}</span>
        ) : (
          <>
            <Toolbar>
              <ToolbarContent>
                <ToolbarItem>
                  <FormSelect
                    aria-label={t('Log of')}
                    value={source.key}
                    onChange={(_event, key) => setChosen(key)}
                  >
                    {sources.map(({ key, pod, container }) => (
                      <FormSelectOption
                        key={key}
                        value={key}
                        label={[
                          names[container] ?? container,
                          ...(pods.length > 1 ? [pod] : []),
                        ].join(', ')}
                      />
                    ))}
                  </FormSelect>
                </ToolbarItem>
                <ToolbarItem>
                  <SearchInput
                    aria-label={t('Search the log')}
                    placeholder={t('Search the log')}
                    value={search}
                    resultsCount={search === '' ? '' : String(found.length)}
                    onChange={(_event, value) => setSearch(value)}
                    onClear={() => setSearch('')}
                  />
                </ToolbarItem>
                <ToolbarItem alignSelf="center">
                  <Checkbox
                    id="vd-log-wrap"
                    label={t('Wrap lines')}
                    isChecked={isWrapped}
                    onChange={(_event, checked) => setWrapped(checked)}
                  />
                </ToolbarItem>
                <ToolbarItem>
                  <Button
                    variant="secondary"
                    onClick={() =>
                      textDownload(`${source.pod}-${source.container}.log`, state.lines.join('\n'))
                    }
                  >
                    {t('Download')}
                  </Button>
                </ToolbarItem>
              </ToolbarContent>
            </Toolbar>
            {state.failure ? (
              <Alert isInline component="h3" variant="warning" title={t(state.failure.title)}>
                {state.failure.detail}
              </Alert>
            ) : null}
            <LogLines
              label={names[source.container] ?? source.container}
              lines={found}
              isWrapped={isWrapped}
            />
            <p className="vd-hint" role="status">
              {state.phase === 'following' ? t('Following') : t('The log has ended.')}
              {state.dropped > 0
                ? ` ${t('{{count}} older lines are not kept.', { count: state.dropped })}`
                : ''}
              {found.length > mostShown
                ? ` ${t('The last {{count}} lines are shown.', { count: mostShown })}`
                : ''}
            </p>
          </>
        )}
      </CardBody>
    </Card>
  );
}

function useLog(namespace: string, source: { pod: string; container: string } | undefined) {
  const [log, setLog] = useState<PodLog>();
  const { pod, container } = source ?? {};
  // A stream that lives outside React.
  useEffect(() => {
    if (pod === undefined || container === undefined) return undefined;
    const next = new PodLog({ namespace, pod, container });
    setLog(next);
    return () => {
      next.close();
      setLog(undefined);
    };
  }, [namespace, pod, container]);
  return log ?? noLog;
}

interface LinesProps {
  label: string;
  lines: readonly string[];
  isWrapped: boolean;
}

function LogLines({ label, lines, isWrapped }: LinesProps) {
  const area = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const text = lines.slice(-mostShown).join('\n');
  // Stays at the end, as a terminal does, unless the user has scrolled up.
  useEffect(() => {
    if (isAtEnd.current && area.current) area.current.scrollTop = area.current.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={area}
      className={`vd-log ${isWrapped ? 'vd-log-wrapped' : ''}`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls by keys
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 20;
      }}
    >
      {text}
    </pre>
  );
}
