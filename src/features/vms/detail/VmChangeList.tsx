import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import type { Change } from '~/k8s/jsonPatch';
import type { Conflict } from '~/k8s/mergeChanges';

import './detail.css';

function valueText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return stringify(value).trimEnd();
}

function placeText(path: readonly string[]): string {
  return path.join(' › ');
}

/** What an edit changes: taken away in red, put in green, and never by colour alone. */
export function VmChangeList({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (changes.length === 0) return <span className="vd-subtle">{t('Nothing is changed.')}</span>;
  return (
    <ul className="vd-changes" aria-label={t('Changes')}>
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

/** Places that somebody else changed too, with both values. */
export function VmConflictList({ conflicts }: { conflicts: readonly Conflict[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ul className="vd-changes" aria-label={t('Conflicts')}>
      {conflicts.map(({ path, base, mine, theirs }) => (
        <li key={path.join('/')}>
          <div className="vd-hint">{placeText(path)}</div>
          <dl className="vd-conflict">
            <dt>{t('Before')}</dt>
            <dd className="vd-mono">{valueText(base) || '–'}</dd>
            <dt>{t('Theirs')}</dt>
            <dd className="vd-mono">{valueText(theirs) || '–'}</dd>
            <dt>{t('Yours')}</dt>
            <dd className="vd-mono">{valueText(mine) || '–'}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
