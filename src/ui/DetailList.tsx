import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';

export interface Detail {
  term: string;
  /** `undefined` and '' show a dash. */
  value: ReactNode;
}

interface Props {
  label: string;
  details: readonly Detail[];
  columns?: 1 | 2 | 3;
}

/** Terms and their values, in columns where there is room. */
export function DetailList({ label, details, columns = 2 }: Props) {
  return (
    <DescriptionList
      aria-label={label}
      isCompact
      columnModifier={{
        default: '1Col',
        md: columns === 1 ? '1Col' : '2Col',
        '2xl': `${columns}Col`,
      }}
    >
      {details.map(({ term, value }) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>
            {value === undefined || value === '' ? <span className="vd-subtle">–</span> : value}
          </DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}
