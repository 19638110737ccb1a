import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';

import { vmInterfaces } from './vmInterfaces';

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

/** Network interfaces: as written, and what the running guest has of them. */
export function VmNetworksCard({ vm, vmi }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const interfaces = vmInterfaces(vm, vmi);
  return (
    <Card component="section" aria-labelledby="vd-networks-title">
      <CardTitle component="h2" id="vd-networks-title">
        {t('Network interfaces')}
      </CardTitle>
      <CardBody>
        {interfaces.length === 0 ? (
          <span className="vd-subtle">{t('It has no network interfaces.')}</span>
        ) : (
          <Table aria-labelledby="vd-networks-title" variant="compact" borders={false}>
            <Thead>
              <Tr>
                <Th>{t('Name')}</Th>
                <Th>{t('Network')}</Th>
                <Th>{t('Type')}</Th>
                <Th>{t('IP addresses')}</Th>
                <Th>{t('MAC address')}</Th>
              </Tr>
            </Thead>
            <Tbody>
              {interfaces.map((one) => (
                <Tr key={one.key}>
                  <Td dataLabel={t('Name')}>
                    {one.name || one.guestName}
                    {one.name && one.guestName ? (
                      <span className="vd-subtle"> {one.guestName}</span>
                    ) : null}
                  </Td>
                  <Td dataLabel={t('Network')}>
                    {one.network === 'pod' ? t('Pod network') : one.network || t('Guest only')}
                  </Td>
                  <Td dataLabel={t('Type')}>
                    {[one.binding, one.model].filter(Boolean).join(', ') || '–'}
                  </Td>
                  <Td dataLabel={t('IP addresses')}>
                    <span className="vd-lines">{one.ips.join('\n') || '–'}</span>
                  </Td>
                  <Td dataLabel={t('MAC address')} modifier="nowrap">
                    {one.mac || '–'}
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
