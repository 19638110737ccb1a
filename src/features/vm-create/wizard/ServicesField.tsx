import { useTranslation } from 'react-i18next';

import { knownPorts, portName, serviceTypes } from '~/kubevirt/vmService';

import { ChoiceField } from '~/ui/ChoiceField';
import { NumberField } from '~/ui/NumberField';
import { RowsField } from './RowsField';
import type { StepProps } from './StepProps';

/** Names of protocols are the same in all languages. */
const protocols = [
  { title: 'SSH', port: knownPorts.ssh },
  { title: 'RDP', port: knownPorts.rdp },
  { title: 'HTTP', port: knownPorts.http },
  { title: 'HTTPS', port: knownPorts.https },
] as const;

/** Services that are made along with the VM and lead to ports of its guest. */
export function ServicesField({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { services } = draft;
  const type = services.at(-1)?.type ?? 'ClusterIP';
  const typeTexts = {
    ClusterIP: t('ClusterIP: within the cluster'),
    NodePort: t('NodePort: at a port of every node'),
    LoadBalancer: t('LoadBalancer: at an address of its own'),
  };
  const free = protocols.filter((one) => !services.some(({ port }) => port === one.port));
  return (
    <RowsField
      id="vd-services"
      label={t('Services')}
      help={t('They lead to ports of the guest, and are deleted with the virtual machine.')}
      error={errorOf('services')}
      rows={services}
      nameOf={({ port }, index) =>
        t('Service {{name}}', { name: port === undefined ? index + 1 : portName(port) })
      }
      render={(service, set, index) => {
        const protocol = protocols.find(({ port }) => port === service.port);
        return (
          <>
            <NumberField
              id={`vd-service-${index}`}
              label={t('Port')}
              value={service.port}
              max={65_535}
              help={protocol?.title}
              error={errorOf(`service-${index}`)}
              onChange={(port) => set({ ...service, port })}
            />
            <ChoiceField
              id={`vd-service-${index}-type`}
              label={t('Reachable')}
              value={service.type}
              choices={serviceTypes.map((value) => ({ value, label: typeTexts[value] }))}
              onChange={(next) => set({ ...service, type: next })}
            />
          </>
        );
      }}
      adders={[
        ...free.map(({ title, port }) => ({ label: `${title} (${port})`, row: { port, type } })),
        { label: t('Another port'), row: { port: undefined, type } },
      ]}
      onChange={(next) => change({ services: next })}
    />
  );
}
