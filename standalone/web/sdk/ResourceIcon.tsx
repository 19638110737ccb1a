import { badgeOf, groupVersionKindOf, type KindProps } from './kinds.ts';
import './sdk.css';

/** The coloured badge of a kind. */
export function ResourceIcon({ className, ...kindProps }: KindProps & { className?: string }) {
  const { kind } = groupVersionKindOf(kindProps);
  const { abbr, tone } = badgeOf(kind);
  return (
    <span
      className={`vc-badge vc-badge--${tone} ${className ?? ''}`}
      title={kind}
      data-test-id={kind}
    >
      <span className="pf-v6-screen-reader">{kind}</span>
      <span aria-hidden="true">{abbr}</span>
    </span>
  );
}
