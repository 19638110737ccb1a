import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';

import { Timestamp } from '~/console/Timestamp';
import { ToneLabel } from '~/ui/ToneLabel';

import { conditionMeaning, conditionTone, sortConditions } from './vmConditions';

type Conditions = NonNullable<NonNullable<V1VirtualMachine['status']>['conditions']>;

interface Props {
  /** The generated type lacks the time, which the API gives. */
  conditions: readonly (Conditions[number] & { lastTransitionTime?: string | null })[];
}

/** Conditions of the VM, which include those of its instance, with what they mean. */
export function VmConditionsCard({ conditions }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const sorted = sortConditions(conditions);
  return (
    <Card component="section" aria-labelledby="vd-conditions-title">
      <CardTitle component="h2" id="vd-conditions-title">
        {t('Conditions')}
      </CardTitle>
      <CardBody>
        {sorted.length === 0 ? (
          <span className="vd-subtle">{t('The cluster has not reported any yet.')}</span>
        ) : (
          <Table aria-labelledby="vd-conditions-title" variant="compact" borders={false}>
            <Thead>
              <Tr>
                <Th width={25}>{t('Type')}</Th>
                <Th width={10}>{t('Status')}</Th>
                <Th width={15}>{t('Since')}</Th>
                <Th width={20}>{t('Reason')}</Th>
                <Th>{t('Message')}</Th>
              </Tr>
            </Thead>
            <Tbody>
              {sorted.map((condition) => (
                <Tr key={condition.type}>
                  <Td dataLabel={t('Type')} modifier="breakWord">
                    {condition.type}
                    <div className="vd-hint">{conditionMeaning(t, condition.type)}</div>
                  </Td>
                  <Td dataLabel={t('Status')} modifier="nowrap">
                    <ToneLabel isPlain tone={conditionTone(condition)} text={condition.status} />
                  </Td>
                  <Td dataLabel={t('Since')}>
                    {condition.lastTransitionTime ? (
                      <Timestamp timestamp={condition.lastTransitionTime} simple />
                    ) : (
                      '–'
                    )}
                  </Td>
                  <Td dataLabel={t('Reason')} modifier="breakWord">
                    {condition.reason || '–'}
                  </Td>
                  <Td dataLabel={t('Message')} modifier="breakWord">
                    {condition.message || '–'}
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
