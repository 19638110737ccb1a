import type { ReactNode } from 'react';

import './ui.css';

interface Props {
  /** Of the radio group. */
  name: string;
  value: string;
  title: string;
  /** Lines below the title. */
  children?: ReactNode;
  isChecked: boolean;
  isDisabled?: boolean;
  onChoose: (value: string) => void;
}

/** One of several choices, as a card that is a radio button: arrow keys move between them. */
export function RadioCard(props: Props) {
  return (
    <label className={`vd-radio-card${props.isDisabled ? ' vd-radio-card-disabled' : ''}`}>
      <input
        type="radio"
        name={props.name}
        value={props.value}
        checked={props.isChecked}
        disabled={props.isDisabled === true}
        onChange={() => props.onChoose(props.value)}
      />
      <span className="vd-radio-card-text">
        <span className="vd-radio-card-title">{props.title}</span>
        {props.children}
      </span>
    </label>
  );
}
