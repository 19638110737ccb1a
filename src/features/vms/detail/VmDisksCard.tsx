import {
  Card,
  CardBody,
  CardTitle,
  Progress,
  ProgressMeasureLocation,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import { ToneLabel } from '~/ui/ToneLabel';

import { type DataVolumeRow, isBeingMade, type VmDisk } from './vmDisks';

/** Disks with the state of what is behind them. */
export function VmDisksCard({ disks }: { disks: readonly VmDisk[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  const kinds = { disk: t('Disk'), cdrom: t('CD-ROM'), lun: t('LUN') };
  return (
    <Card component="section" aria-labelledby="vd-disks-title">
      <CardTitle component="h2" id="vd-disks-title">
        {t('Disks')}
      </CardTitle>
      <CardBody>
        {disks.length === 0 ? (
          <span className="vd-subtle">{t('It has no disks.')}</span>
        ) : (
          <Table aria-labelledby="vd-disks-title" variant="compact" borders={false}>
            <Thead>
              <Tr>
                <Th>{t('Name')}</Th>
                <Th>{t('Source')}</Th>
                <Th>{t('Size')}</Th>
                <Th>{t('Interface')}</Th>
                <Th>{t('State')}</Th>
              </Tr>
            </Thead>
            <Tbody>
              {disks.map((disk) => (
                <Tr key={disk.name}>
                  <Td dataLabel={t('Name')}>
                    {disk.name}
                    {disk.target ? <span className="vd-subtle"> {disk.target}</span> : null}
                  </Td>
                  <Td dataLabel={t('Source')} modifier="breakWord">
                    {disk.sourceName || disk.sourceKind || t('Empty')}
                    {disk.sourceName ? (
                      <div className="vd-hint">{disk.origin || disk.sourceKind}</div>
                    ) : null}
                  </Td>
                  <Td dataLabel={t('Size')} modifier="nowrap">
                    {disk.bytes === undefined ? '–' : formatBytes(disk.bytes)}
                  </Td>
                  <Td dataLabel={t('Interface')} modifier="nowrap">
                    {[kinds[disk.kind], disk.bus].filter(Boolean).join(', ')}
                  </Td>
                  <Td dataLabel={t('State')}>
                    {disk.dataVolume ? <VolumeState volume={disk.dataVolume} /> : '–'}
                  </Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        )}
      </CardBody>
    </Card>
  );
}

function VolumeState({ volume }: { volume: DataVolumeRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (volume.failure !== '') {
    return (
      <>
        <ToneLabel tone="danger" text={volume.phase} />
        <div className="vd-hint vd-server-text">{volume.failure}</div>
      </>
    );
  }
  if (!isBeingMade(volume)) {
    return (
      <ToneLabel
        tone={volume.phase === 'Succeeded' ? 'success' : 'warning'}
        text={volume.phase === 'Succeeded' ? t('Ready') : volume.phase}
      />
    );
  }
  if (volume.percent === undefined) {
    return <ToneLabel tone="progress" text={volume.phase} />;
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
