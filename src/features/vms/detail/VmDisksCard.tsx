import { Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import { type DataVolumeRow, isBeingMade, type VmDisk } from '~/kubevirt/vmDisks';
import { type CardColumn, CardTable } from '~/ui/CardTable';
import { ToneLabel } from '~/ui/ToneLabel';

type T = ReturnType<typeof useTranslation<'plugin__virtdeck'>>['t'];

export function diskColumns(t: T): readonly CardColumn<VmDisk>[] {
  const origins: Partial<Record<string, string>> = {
    blank: t('Empty disk'),
    upload: t('Uploaded image'),
  };
  const kinds = { disk: t('Disk'), cdrom: t('CD-ROM'), lun: t('LUN') };
  return [
    {
      title: t('Name'),
      cell: ({ name, target }) => (
        <>
          {name}
          {target ? <span className="vd-subtle"> {target}</span> : null}
        </>
      ),
    },
    {
      title: t('Source'),
      cell: ({ sourceName, sourceKind, origin }) => (
        <>
          {sourceName || sourceKind || t('Empty')}
          {sourceName ? (
            <div className="vd-hint">{origins[origin] ?? (origin || sourceKind)}</div>
          ) : null}
        </>
      ),
    },
    {
      title: t('Size'),
      isShort: true,
      cell: ({ bytes }) => (bytes === undefined ? '' : formatBytes(bytes)),
    },
    {
      title: t('Interface'),
      isShort: true,
      cell: ({ kind, bus }) => [kinds[kind], bus].filter(Boolean).join(', '),
    },
    {
      title: t('State'),
      cell: ({ dataVolume }) => (dataVolume ? <VolumeState volume={dataVolume} /> : ''),
    },
  ];
}

/** Disks with the state of what is behind them. */
export function VmDisksCard({ disks }: { disks: readonly VmDisk[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CardTable
      id="vd-disks"
      title={t('Disks')}
      emptyText={t('It has no disks.')}
      rows={disks}
      rowKey={({ name }) => name}
      columns={diskColumns(t)}
    />
  );
}

function VolumeState({ volume }: { volume: DataVolumeRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (volume.failure !== '') {
    return (
      <>
        <ToneLabel isPlain tone="danger" text={volume.phase} />
        <div className="vd-hint vd-server-text">{volume.failure}</div>
      </>
    );
  }
  if (!isBeingMade(volume)) {
    return (
      <ToneLabel
        isPlain
        tone={volume.phase === 'Succeeded' ? 'success' : 'warning'}
        text={volume.phase === 'Succeeded' ? t('Ready') : volume.phase}
      />
    );
  }
  if (volume.percent === undefined) {
    return <ToneLabel isPlain tone="progress" text={volume.phase} />;
  }
  return (
    <Progress
      aria-label={t('Progress of {{name}}', { name: volume.name })}
      value={volume.percent}
      label={`${Math.floor(volume.percent)} %`}
      title={volume.phase}
      size="sm"
      measureLocation={ProgressMeasureLocation.top}
    />
  );
}
