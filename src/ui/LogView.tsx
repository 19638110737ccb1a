import {
  Alert,
  Button,
  Checkbox,
  FormSelect,
  FormSelectOption,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useMemo, useRef, useState } from 'react';

import { textDownload } from './textDownload';

import './log.css';

export interface LogTexts {
  /** Of the choice of a log. */
  of: string;
  search: string;
  wrap: string;
  download: string;
  /** How far it is: followed or ended, and how much is left out. */
  state: string;
}

interface Props {
  /** Logs to choose from; `label` names it. */
  sources: readonly { key: string; label: string }[];
  chosen: string;
  onChoose: (key: string) => void;
  /** Oldest first. */
  lines: readonly string[];
  failure: { title: string; detail: string } | undefined;
  fileName: string;
  texts: LogTexts;
}

/** More lines than these are not drawn; the download has all. */
export const mostLinesShown = 2_000;

/** A log that may grow: searched, wrapped, saved. */
export function LogView({ sources, chosen, onChoose, lines, failure, fileName, texts }: Props) {
  const [search, setSearch] = useState('');
  const [isWrapped, setWrapped] = useState(true);
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return wanted === '' ? lines : lines.filter((line) => line.toLowerCase().includes(wanted));
  }, [lines, search]);
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <FormSelect
              aria-label={texts.of}
              value={chosen}
              onChange={(_event, key) => onChoose(key)}
            >
              {sources.map(({ key, label }) => (
                <FormSelectOption key={key} value={key} label={label} />
              ))}
            </FormSelect>
          </ToolbarItem>
          <ToolbarItem>
            <SearchInput
              aria-label={texts.search}
              placeholder={texts.search}
              value={search}
              resultsCount={search === '' ? '' : String(found.length)}
              onChange={(_event, value) => setSearch(value)}
              onClear={() => setSearch('')}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Checkbox
              id="vd-log-wrap"
              label={texts.wrap}
              isChecked={isWrapped}
              onChange={(_event, checked) => setWrapped(checked)}
            />
          </ToolbarItem>
          <ToolbarItem>
            <Button variant="secondary" onClick={() => textDownload(fileName, lines.join('\n'))}>
              {texts.download}
            </Button>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {failure ? (
        <Alert isInline component="h3" variant="warning" title={failure.title}>
          {failure.detail}
        </Alert>
      ) : null}
      <LogLines
        label={sources.find(({ key }) => key === chosen)?.label ?? chosen}
        lines={found}
        isWrapped={isWrapped}
      />
      <p className="vd-hint" role="status">
        {texts.state}
      </p>
    </>
  );
}

interface LinesProps {
  label: string;
  lines: readonly string[];
  isWrapped: boolean;
}

function LogLines({ label, lines, isWrapped }: LinesProps) {
  const area = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const text = lines.slice(-mostLinesShown).join('\n');
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
