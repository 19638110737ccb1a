import { Spinner } from '@patternfly/react-core';
import PowerOffIcon from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useScreenshotInTurn, useScreenshotAccess } from '~/api/screenshots';
import { Link, vmHref } from '~/console/navigation';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { vmStatuses } from '~/kubevirt/vmStatus';
import { ToneLabel } from '~/ui/ToneLabel';

/** One screen of the wall: its last picture, or why there is none. Leads to the console. */
export const ScreenTile = memo(function ScreenTile({
  row,
  showsProject,
}: {
  row: VmListRow;
  showsProject: boolean;
}) {
  const { t } = useTranslation('plugin__virtdeck');
  const { label, tone } = vmStatuses[row.status];
  return (
    <>
      <Link
        className="vd-wall__screen"
        to={vmHref(row, 'console')}
        aria-label={t('Open the console of {{name}}', { name: row.name })}
      >
        <Screen row={row} />
      </Link>
      <span className="vd-wall__name" title={row.name}>
        {row.name}
      </span>
      <span className="vd-wall__line">
        <ToneLabel
          tone={row.problem && tone !== 'danger' ? 'warning' : tone}
          text={t(label)}
          isPlain
        />
        {showsProject ? <span className="vd-wall__project">{row.namespace}</span> : null}
      </span>
    </>
  );
});

function Screen({ row }: { row: VmListRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = row;
  const access = useScreenshotAccess(namespace);
  const isRunning = row.vmiPhase === 'Running';
  const mayLook = !access.loading && access.allowed;
  const { url, failure } = useScreenshotInTurn(
    isRunning && mayLook ? { namespace, name } : undefined,
  );
  if (!isRunning) return <PowerOffIcon className="vd-wall__off" aria-hidden />;
  if (!access.loading && !access.allowed) {
    return (
      <span className="vd-wall__text">
        {t('You are not allowed to see pictures of the screen.')}
      </span>
    );
  }
  if (url === undefined) {
    return failure === undefined ? (
      <Spinner size="lg" aria-label={t('Loading')} />
    ) : (
      <span className="vd-wall__text">{failure.detail}</span>
    );
  }
  const alt = t('Screen of {{name}}', { name });
  return <img src={url} alt={alt} data-old={failure === undefined ? undefined : true} />;
}
