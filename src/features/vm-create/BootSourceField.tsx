import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { rowsOf } from '~/k8s/Watched';
import { dataVolumes, persistentVolumeClaims } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { FieldGroup } from '~/ui/FieldGroup';
import { RadioCard } from '~/ui/RadioCard';

import {
  type BootSourceRow,
  groupByNamespace,
  toClaimRow,
  toImportRow,
} from '~/kubevirt/bootSources';
import type { BootSources } from '~/api/bootSources';
import { BLANK } from './vmForm';

/** What was chosen; `bytes` is what the disk must hold at least, when it is known. */
export interface ChosenSource {
  value: string;
  bytes: number | undefined;
}

interface Props {
  sources: BootSources;
  value: string;
  error: string | undefined;
  /** Whether an empty disk is one of the choices. */
  hasBlank?: boolean;
  onChoose: (chosen: ChosenSource) => void;
}

const ID = 'vd-source';

/** What the first disk starts with: a prepared image, or nothing. */
export function BootSourceField({ sources, value, error, hasBlank = true, onChoose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const groups = groupByNamespace(sources.rows);
  return (
    <FieldGroup
      label={t('Boot source')}
      fieldId={ID}
      role="radiogroup"
      isRequired
      error={error}
      help={
        groups.length === 0 && !sources.failure
          ? t('There are no prepared images that you can read.')
          : undefined
      }
    >
      {sources.failure ? (
        <Alert
          isInline
          isPlain
          component="h2"
          variant="warning"
          title={t('Some images cannot be listed')}
        >
          {sources.failure.detail}
        </Alert>
      ) : null}
      <div className="vd-radio-cards">
        {groups.map(([namespace, rows]) => (
          <SourcesOfNamespace
            key={namespace}
            namespace={namespace}
            showsNamespace={groups.length > 1}
            rows={rows}
            value={value}
            onChoose={onChoose}
          />
        ))}
        {hasBlank ? (
          <RadioCard
            name={ID}
            value={BLANK}
            title={t('Blank disk')}
            isChecked={value === BLANK}
            onChoose={() => onChoose({ value: BLANK, bytes: undefined })}
          >
            <span className="vd-hint">{t('Empty, for an installation of your own')}</span>
          </RadioCard>
        ) : null}
      </div>
    </FieldGroup>
  );
}

interface GroupProps {
  namespace: string;
  showsNamespace: boolean;
  rows: readonly BootSourceRow[];
  value: string;
  onChoose: (chosen: ChosenSource) => void;
}

/** Sizes and progress are watched by namespace, as few users may do so in all. */
function SourcesOfNamespace({ namespace, showsNamespace, rows, value, onChoose }: GroupProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const claims = useWatchList({ model: persistentVolumeClaims, namespace, toRow: toClaimRow });
  const isWaiting = rows.some((row) => !row.isReady);
  const imports = useWatchList(
    isWaiting ? { model: dataVolumes, namespace, toRow: toImportRow } : undefined,
  );
  const claimRows = rowsOf(claims) ?? [];
  const importRows = rowsOf(imports) ?? [];

  const waitingText = (row: BootSourceRow) => {
    const percent = importRows.find(({ name }) => name === row.claimName)?.percent;
    if (percent !== undefined) {
      return t('Being prepared, {{percent}} %', { percent: Math.floor(percent) });
    }
    return row.reason ? t('Not ready: {{reason}}', { reason: row.reason }) : t('Being prepared');
  };

  return (
    <>
      {rows.map((row) => {
        const bytes =
          (row.claimNamespace === namespace
            ? claimRows.find(({ name }) => name === row.claimName)?.bytes
            : undefined) ?? row.bytes;
        return (
          <RadioCard
            key={row.key}
            name={ID}
            value={row.key}
            title={row.title}
            isChecked={value === row.key}
            isDisabled={!row.isReady}
            onChoose={() => onChoose({ value: row.key, bytes })}
          >
            {row.description ? <span className="vd-hint">{row.description}</span> : null}
            <span className="vd-hint">
              {row.isReady
                ? [
                    bytes === undefined ? '' : formatBytes(bytes),
                    showsNamespace ? t('in {{namespace}}', { namespace }) : '',
                  ]
                    .filter(Boolean)
                    .join(' ')
                : waitingText(row)}
            </span>
          </RadioCard>
        );
      })}
    </>
  );
}
