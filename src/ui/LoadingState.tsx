import { Skeleton } from '@patternfly/react-core';

interface Props {
  /** What is loading, for screen readers. */
  label: string;
  rows?: number;
}

/** Grey bars in the place of what comes. */
export function LoadingState({ label, rows = 8 }: Props) {
  return (
    <div className="vd-loading" role="status" aria-busy="true">
      <span className="vd-visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height="1.75rem" width={row % 2 === 0 ? '100%' : '92%'} aria-hidden />
      ))}
    </div>
  );
}
