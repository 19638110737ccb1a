import { stringify } from 'yaml';

import './changes.css';

interface Change {
  /** Keys that lead to the place. */
  path: readonly string[];
  /** Undefined where there is nothing. */
  before: unknown;
  after: unknown;
}

interface Conflict {
  path: readonly string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

function valueText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return stringify(value).trimEnd();
}

function placeText(path: readonly string[]): string {
  return path.join(' › ');
}

interface ChangeListProps {
  label: string;
  emptyText: string;
  changes: readonly Change[];
}

/** What an edit changes: taken away in red, put in green, and never by colour alone. */
export function ChangeList({ label, emptyText, changes }: ChangeListProps) {
  if (changes.length === 0) return <span className="vd-subtle">{emptyText}</span>;
  return (
    <ul className="vd-changes" aria-label={label}>
      {changes.map(({ path, before, after }) => (
        <li key={path.join('/')}>
          <div className="vd-hint">{placeText(path)}</div>
          {before === undefined ? null : (
            <del className="vd-change vd-change-gone">{valueText(before) || '""'}</del>
          )}
          {after === undefined ? null : (
            <ins className="vd-change vd-change-new">{valueText(after) || '""'}</ins>
          )}
        </li>
      ))}
    </ul>
  );
}

interface ConflictListProps {
  label: string;
  texts: { before: string; theirs: string; yours: string };
  conflicts: readonly Conflict[];
}

/** Places that somebody else changed too, with both values. */
export function ConflictList({ label, texts, conflicts }: ConflictListProps) {
  return (
    <ul className="vd-changes" aria-label={label}>
      {conflicts.map(({ path, base, mine, theirs }) => (
        <li key={path.join('/')}>
          <div className="vd-hint">{placeText(path)}</div>
          <dl className="vd-conflict">
            <dt>{texts.before}</dt>
            <dd className="vd-change-value">{valueText(base) || '–'}</dd>
            <dt>{texts.theirs}</dt>
            <dd className="vd-change-value">{valueText(theirs) || '–'}</dd>
            <dt>{texts.yours}</dt>
            <dd className="vd-change-value">{valueText(mine) || '–'}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
