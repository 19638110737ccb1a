import { Button, TextInput } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';

import './ui.css';

export type Pair = readonly [key: string, value: string];

interface Props {
  pairs: readonly Pair[];
  onChange: (pairs: readonly Pair[]) => void;
  labels: { key: string; value: string; add: string; remove: string };
}

/** Keys with their values, as of labels. Pairs without a key are for the caller to leave out. */
export function PairsField({ pairs, onChange, labels }: Props) {
  const change = (index: number, pair: Pair) =>
    onChange(pairs.map((one, other) => (other === index ? pair : one)));
  return (
    <div className="vd-pairs">
      {pairs.map(([key, value], index) => (
        // The rows have no identity but their place.
        <div key={index} className="vd-pair">
          <TextInput
            aria-label={`${labels.key} ${index + 1}`}
            value={key}
            onChange={(_event, next) => change(index, [next, value])}
          />
          <span aria-hidden>=</span>
          <TextInput
            aria-label={`${labels.value} ${index + 1}`}
            value={value}
            onChange={(_event, next) => change(index, [key, next])}
          />
          <Button
            variant="plain"
            icon={<TimesIcon />}
            aria-label={`${labels.remove} ${key || index + 1}`}
            onClick={() => onChange(pairs.filter((_pair, other) => other !== index))}
          />
        </div>
      ))}
      <Button
        variant="link"
        isInline
        icon={<PlusCircleIcon />}
        onClick={() => onChange([...pairs, ['', '']])}
      >
        {labels.add}
      </Button>
    </div>
  );
}
