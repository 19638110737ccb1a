import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import { draftNames, isMade, type VmDraft } from '~/kubevirt/create/vmDraft';
import { portName } from '~/kubevirt/vmService';
import { DetailList } from '~/ui/DetailList';

import { QuotaUses, useTimeText } from './CostDetails';
import type { DraftCost } from './useDraftCost';

interface Props {
  draft: VmDraft;
  cost: DraftCost;
}

/** What would be created, as it stands. */
export function Summary({ draft, cost }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const timeText = useTimeText();
  const { compute, disks, nics, services, count } = draft;
  const { size, uses, time } = cost;
  const sizeText = (times: number) =>
    size === undefined
      ? ''
      : t('{{cpus}} vCPU, {{memory}}', {
          cpus: size.cpus * times,
          memory: formatBytes(size.memoryBytes * times),
        });
  const newBytes = disks.filter(isMade).reduce((sum, disk) => sum + toBytes(disk.size), 0);
  return (
    <Card component="section" aria-labelledby="vd-summary" isCompact>
      <CardTitle component="h2" id="vd-summary">
        {t('Summary')}
      </CardTitle>
      <CardBody>
        {draft.yaml !== undefined ? (
          <span className="vd-subtle">{t('The virtual machine is as the YAML has it.')}</span>
        ) : (draft.copy ?? draft.template) ? (
          <DetailList
            label={t('Summary')}
            columns={1}
            details={[
              { term: t('Name'), value: count > 1 ? names(draft) : draft.name },
              { term: t('Project'), value: draft.namespace },
              {
                term: draft.copy ? t('A copy of') : t('Template'),
                value: (draft.copy ?? draft.template)?.name,
              },
            ]}
          />
        ) : (
          <DetailList
            label={t('Summary')}
            columns={1}
            details={[
              { term: t('Name'), value: count > 1 ? names(draft) : draft.name },
              { term: t('Project'), value: draft.namespace },
              {
                term: t('CPU and memory'),
                value: (
                  <span className="vd-lines">
                    {[compute.kind === 'instancetype' ? compute.type.name : '', sizeText(1)]
                      .filter(Boolean)
                      .join('\n')}
                  </span>
                ),
              },
              {
                term: t('Disks'),
                value: (
                  <span className="vd-lines">
                    {disks
                      .map((disk) =>
                        isMade(disk)
                          ? `${disk.name}: ${formatBytes(toBytes(disk.size))}`
                          : disk.name,
                      )
                      .join('\n')}
                  </span>
                ),
              },
              {
                term: t('Networks'),
                value: (
                  <span className="vd-lines">
                    {nics
                      .map(({ network }) => (network === 'pod' ? t('Pod network') : network))
                      .join('\n')}
                  </span>
                ),
              },
              ...(services.length > 0
                ? [
                    {
                      term: t('Services'),
                      value: services
                        .flatMap(({ port }) => (port === undefined ? [] : [portName(port)]))
                        .join(', '),
                    },
                  ]
                : []),
              ...(count > 1
                ? [
                    {
                      term: t('All {{number}} together', { number: count }),
                      value: [sizeText(count), formatBytes(newBytes * count)]
                        .filter(Boolean)
                        .join(', '),
                    },
                  ]
                : []),
              ...(uses.length > 0
                ? [{ term: t('Of the quota'), value: <QuotaUses uses={uses} /> }]
                : []),
              { term: t('Ready to start'), value: timeText(time) },
            ]}
          />
        )}
      </CardBody>
    </Card>
  );
}

function names(draft: VmDraft): string {
  const all = draftNames(draft);
  return all.length > 2 ? `${all[0] ?? ''} … ${all.at(-1) ?? ''}` : all.join(', ');
}
