import { type RefObject, useEffect, useState } from 'react';

export interface YamlOffer {
  /** What is written: a key, or a value. */
  label: string;
  isKey: boolean;
  /** Beside it: the type. */
  detail: string;
}

interface Props {
  label: string;
  offers: readonly YamlOffer[];
  /** From 0. */
  place: { line: number; column: number };
  /** Keeps the focus, and gives up its arrow keys meanwhile. */
  field: RefObject<HTMLTextAreaElement>;
  onChoose: (offer: YamlOffer) => void;
  onClose: () => void;
}

/** What can be written at the caret, below it. Arrow keys choose, Enter or Tab write, Escape closes. */
export function YamlOffers({ label, offers, place, field, onChoose, onClose }: Props) {
  const [chosen, setChosen] = useState(0);
  const index = Math.min(chosen, offers.length - 1);
  // The keys are the field's, where the focus stays.
  useEffect(() => {
    const element = field.current;
    if (!element) return undefined;
    element.setAttribute('aria-activedescendant', `vd-yaml-offer-${index}`);
    const onKey = (event: KeyboardEvent) => {
      const offer = offers[index];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) setChosen((index + step + offers.length) % offers.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && offer) onChoose(offer);
      else if (event.key === 'Escape') onClose();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onBlur = () => onClose();
    element.addEventListener('keydown', onKey);
    element.addEventListener('blur', onBlur);
    document.getElementById(`vd-yaml-offer-${index}`)?.scrollIntoView({ block: 'nearest' });
    return () => {
      element.removeAttribute('aria-activedescendant');
      element.removeEventListener('keydown', onKey);
      element.removeEventListener('blur', onBlur);
    };
  }, [field, offers, index, onChoose, onClose]);
  return (
    <ul
      id="vd-yaml-offers"
      role="listbox"
      aria-label={label}
      className="vd-yaml-offers"
      style={{
        insetInlineStart: `${place.column}ch`,
        insetBlockStart: `${(place.line + 1) * 1.5}em`,
      }}
    >
      {offers.map((offer, at) => (
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has the keys
        <li
          key={offer.label}
          id={`vd-yaml-offer-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === index}
          // The field must not lose the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(offer)}
        >
          {offer.label}
          <span className="vd-hint"> {offer.detail}</span>
        </li>
      ))}
    </ul>
  );
}
