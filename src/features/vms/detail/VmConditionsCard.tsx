import { useTranslation } from 'react-i18next';

import { Timestamp } from '~/console/Timestamp';
import { type Condition, conditionMeaning, conditionTone } from '~/kubevirt/vmConditions';
import { CardTable } from '~/ui/CardTable';
import { ToneLabel } from '~/ui/ToneLabel';

interface Props {
  /** In the order in which they are shown. */
  conditions: readonly Condition[];
}

/** Conditions of the VM, which include those of its instance, with what they mean. */
export function VmConditionsCard({ conditions }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CardTable
      id="vd-conditions"
      title={t('Conditions')}
      emptyText={t('The cluster has not reported any yet.')}
      rows={conditions}
      rowKey={({ type }) => type}
      columns={[
        {
          title: t('Type'),
          width: 25,
          cell: ({ type }) => (
            <>
              {type}
              <div className="vd-hint">{conditionMeaning(t, type)}</div>
            </>
          ),
        },
        {
          title: t('Status'),
          width: 10,
          isShort: true,
          cell: (condition) => (
            <ToneLabel isPlain tone={conditionTone(condition)} text={condition.status} />
          ),
        },
        {
          title: t('Since'),
          width: 15,
          cell: ({ since }) => (since === '' ? '' : <Timestamp timestamp={since} simple />),
        },
        { title: t('Reason'), width: 20, cell: ({ reason }) => reason },
        { title: t('Message'), cell: ({ message }) => message },
      ]}
    />
  );
}
