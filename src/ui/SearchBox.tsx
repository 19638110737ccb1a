import {
  Button,
  TextInputGroup,
  TextInputGroupMain,
  TextInputGroupUtilities,
} from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';

import './ui.css';
import { useTypedText } from './useTypedText';

/** Something that can take the place of what is being typed. */
export interface Suggestion {
  /** The whole text with it, and where the cursor is then. */
  text: string;
  cursor: number;
  label: string;
  /** Shown in grey at the end. */
  hint: string;
  /** It finishes what was typed: the text is taken over at once. */
  isFinal: boolean;
}

interface Props {
  label: string;
  placeholder: string;
  clearLabel: string;
  suggestionsLabel: string;
  value: string;
  onChange: (text: string) => void;
  /** Enter, or a suggestion that finishes the text. */
  onCommit: (text: string) => void;
  /** Asked for while the menu is open only. */
  suggest: (text: string, cursor: number) => readonly Suggestion[];
}

const LIST_ID = 'vd-search-suggestions';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, canvas'))
  );
}

/** DOM: the option that the arrow keys are at, in a list that is longer than its place. */
function scrollTo(option: HTMLLIElement | null): void {
  option?.scrollIntoView({ block: 'nearest' });
}

/** A search field that offers what can be typed. "/" anywhere on the page goes to it. */
export function SearchBox(props: Props) {
  const { text: value, type, settle } = useTypedText(props.value, props.onChange);
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [cursor, setCursor] = useState(0);
  const nextCursor = useRef<number>();

  // Keyboard: as on the console's own lists.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key !== '/' || !isPlain || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  // DOM: the cursor behind what was put in, once it is there.
  useLayoutEffect(() => {
    const at = nextCursor.current;
    if (at === undefined) return;
    nextCursor.current = undefined;
    input.current?.setSelectionRange(at, at);
  }, [value]);

  const suggestions = isOpen ? props.suggest(value, cursor) : [];
  const isShown = isOpen && suggestions.length > 0;

  const commit = (text: string) => {
    settle();
    // What was found is below: it is not covered until something is typed again.
    setOpen(false);
    props.onCommit(text);
  };

  const take = (suggestion: Suggestion) => {
    setActive(-1);
    if (suggestion.isFinal && suggestion.cursor === suggestion.text.length) {
      commit(suggestion.text);
      return;
    }
    nextCursor.current = suggestion.cursor;
    setCursor(suggestion.cursor);
    type(suggestion.text);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const chosen = suggestions[active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive(Math.max(-1, Math.min(suggestions.length - 1, active + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen) take(chosen);
      else if (value.trim() !== '') commit(value);
    } else if (event.key === 'Tab' && chosen && !event.shiftKey) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape' && isShown) {
      event.preventDefault();
      setOpen(false);
      setActive(-1);
    }
  };

  return (
    <div className="vd-search">
      <TextInputGroup>
        <TextInputGroupMain
          innerRef={input}
          icon={<SearchIcon />}
          role="combobox"
          aria-label={props.label}
          placeholder={props.placeholder}
          value={value}
          autoComplete="off"
          spellCheck={false}
          isExpanded={isShown}
          aria-controls={LIST_ID}
          {...(suggestions[active] ? { 'aria-activedescendant': `${LIST_ID}-${active}` } : {})}
          onChange={(event, text) => {
            setOpen(true);
            setActive(-1);
            setCursor(event.currentTarget.selectionStart ?? text.length);
            type(text);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => setOpen(true)}
          onClick={() => {
            setOpen(true);
            setCursor(input.current?.selectionStart ?? value.length);
          }}
          onBlur={() => {
            setOpen(false);
            setActive(-1);
          }}
        />
        {value === '' ? null : (
          <TextInputGroupUtilities>
            <Button
              variant="plain"
              icon={<TimesIcon />}
              aria-label={props.clearLabel}
              onClick={() => {
                settle();
                props.onChange('');
                input.current?.focus();
              }}
            />
          </TextInputGroupUtilities>
        )}
      </TextInputGroup>
      <div
        className={`pf-v6-c-menu vd-search-menu ${isShown ? '' : 'vd-hidden'}`}
        // The field keeps the focus: it is it that has the keys.
        onMouseDown={(event) => event.preventDefault()}
        role="presentation"
      >
        <ul
          className="pf-v6-c-menu__list vd-search-list"
          role="listbox"
          id={LIST_ID}
          aria-label={props.suggestionsLabel}
        >
          {suggestions.map((suggestion, index) => (
            // The keys are the field's: aria-activedescendant tells which option is meant.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={suggestion.label}
              id={`${LIST_ID}-${index}`}
              {...(index === active && { ref: scrollTo })}
              role="option"
              aria-selected={index === active}
              className={`vd-search-option ${index === active ? 'vd-search-option-active' : ''}`}
              onClick={() => take(suggestion)}
            >
              <span>{suggestion.label}</span>
              <span className="vd-subtle">{suggestion.hint}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
