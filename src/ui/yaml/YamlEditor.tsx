import { type KeyboardEvent, memo, type MouseEvent, useMemo, useRef, useState } from 'react';

import '../ui.css';
import { yamlLine } from '../yamlLine';
import './yaml.css';
import { type YamlOffer, YamlOffers } from './YamlOffers';

/** Something that can be written at a place. */
/** A mark at a part of the text; offsets count letters from its beginning. */
export interface YamlMark {
  from: number;
  to: number;
  tone: 'danger' | 'warning';
  message: string;
}

interface Props {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** What can be written at an offset, and where what stands there begins. */
  offers: (offset: number) => { from: number; offers: readonly YamlOffer[] } | undefined;
  /** What the key or value at an offset means; undefined where nothing is known. */
  explain: (offset: number) => { title: string; text: string } | undefined;
  marks: readonly YamlMark[];
  /** What is wrong with the text as a whole; told where no mark tells more. */
  mistake: string | undefined;
  /** Names of the parts, for screen readers and where nothing is known. */
  texts: {
    offers: string;
    /** How to have offers. */
    hint: string;
    problems: string;
    line: (line: number, message: string) => string;
  };
}

interface LineProps {
  text: string;
  number: number;
  mark: YamlMark | undefined;
}

const Line = memo(function Line({ text, number, mark }: LineProps) {
  return (
    <div className={`vd-yaml-line ${mark ? `vd-yaml-line-${mark.tone}` : ''}`} data-line={number}>
      {yamlLine(text).map((part, index) => (
        <span key={index} className={`vd-code-${part.kind}`}>
          {part.text}
        </span>
      ))}
      {'\u200b'}
    </div>
  );
});

/** Line and column of an offset, from 0. */
function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, column: (before.at(-1) ?? '').length };
}

/**
 * YAML to write: coloured, with numbers of lines, marks, an explanation of what the caret or the mouse
 * is at, and offers at Ctrl+Space. It is a plain text field above a coloured copy of its text, in one
 * grid cell: so keys, screen readers, spelling of the platform and its undo are the browser's own, and
 * no policy for scripts or styles stands in its way.
 */
export function YamlEditor(props: Props) {
  const { value, marks, mistake, texts } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [hovered, setHovered] = useState<number>();
  const [isOffering, setOffering] = useState(false);
  const lines = useMemo(() => value.split('\n'), [value]);
  const lineMarks = useMemo(() => {
    const byLine = new Map<number, YamlMark>();
    for (const mark of marks) {
      const { line } = positionOf(value, mark.from);
      if (byLine.get(line)?.tone !== 'danger') byLine.set(line, mark);
    }
    return byLine;
  }, [marks, value]);
  const offered = isOffering ? props.offers(caret) : undefined;
  const about = props.explain(hovered ?? caret);

  const select = (from: number, to: number) => {
    field.current?.focus();
    field.current?.setSelectionRange(from, to);
    setCaret(from);
  };
  const write = ({ label, isKey }: YamlOffer, from: number) => {
    setOffering(false);
    const element = field.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(from, caret);
    // The only way that the browser's undo knows of; where it is gone, the text is set.
    const text = isKey ? `${label}: ` : label;
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (!document.execCommand('insertText', false, text)) {
      element.setRangeText(text, from, caret, 'end');
      props.onChange(element.value);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      setOffering(true);
    }
  };
  const onMouseMove = (event: MouseEvent<HTMLTextAreaElement>) => {
    const { clientWidth, clientHeight } = event.currentTarget;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const width = Math.max(1, ...lines.map(({ length }) => length));
    const line = Math.floor(((event.clientY - top) * lines.length) / clientHeight);
    const column = Math.round(((event.clientX - left) * width) / clientWidth);
    const text = lines[line];
    const isOnText = text !== undefined && column < text.length && text.slice(0, column).trim();
    setHovered(isOnText ? offsetOf(lines, line) + column : undefined);
  };
  const { line, column } = positionOf(value, offered?.from ?? caret);
  return (
    <>
      <div className="vd-yaml">
        <div className="vd-yaml-scroll">
          <div className="vd-yaml-numbers" aria-hidden>
            {lines.map((_line, index) => (
              <div key={index} className={`vd-yaml-number-${lineMarks.get(index)?.tone ?? 'none'}`}>
                {index + 1}
              </div>
            ))}
          </div>
          <div className="vd-yaml-text">
            <div className="vd-yaml-copy" aria-hidden>
              {lines.map((text, index) => (
                <Line key={index} text={text} number={index + 1} mark={lineMarks.get(index)} />
              ))}
            </div>
            <textarea
              ref={field}
              className="vd-yaml-field"
              aria-label={props.label}
              aria-invalid={marks.some(({ tone }) => tone === 'danger')}
              aria-describedby="vd-yaml-about"
              {...(offered && { 'aria-controls': 'vd-yaml-offers', 'aria-autocomplete': 'list' })}
              value={value}
              rows={lines.length}
              wrap="off"
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              onChange={(event) => {
                props.onChange(event.currentTarget.value);
                setCaret(event.currentTarget.selectionStart);
              }}
              onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
              onKeyDown={onKeyDown}
              onMouseMove={onMouseMove}
              onMouseLeave={() => setHovered(undefined)}
            />
            {offered && offered.offers.length > 0 ? (
              <YamlOffers
                label={texts.offers}
                offers={offered.offers}
                place={{ line, column }}
                field={field}
                onChoose={(offer) => write(offer, offered.from)}
                onClose={() => setOffering(false)}
              />
            ) : null}
          </div>
        </div>
        <div id="vd-yaml-about" className="vd-yaml-about">
          {about ? (
            <>
              <strong className="vd-server-text">{about.title}</strong>
              <div className="vd-server-text">{about.text}</div>
            </>
          ) : null}
          <div className="vd-hint">{texts.hint}</div>
        </div>
        {marks.length > 0 ? (
          <ul className="vd-yaml-problems" aria-label={texts.problems}>
            {marks.map((mark, index) => (
              <li key={index}>
                <button
                  type="button"
                  className={`vd-yaml-problem vd-yaml-number-${mark.tone}`}
                  onClick={() => select(mark.from, mark.to)}
                >
                  {texts.line(positionOf(value, mark.from).line + 1, mark.message)}
                </button>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      {mistake === undefined || marks.length > 0 ? null : (
        <p className="vd-hint vd-server-text" role="status">
          {mistake}
        </p>
      )}
    </>
  );
}

function offsetOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
}
