import { Button, Card, CardBody } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { usePrimaryNetwork } from '~/api/networks';
import { networkAttachmentDefinitions } from '~/k8s/models';
import { draftBindings, type DraftNic, freeName, podNic } from '~/kubevirt/create/vmDraft';
import { nicModels } from '~/kubevirt/nicEdit';

import { ChoiceField } from '~/ui/ChoiceField';
import { NumberField } from '~/ui/NumberField';
import { SecondaryNetwork } from './SecondaryNetwork';
import { ServicesField } from './ServicesField';
import type { StepProps } from './StepProps';
import { TextField } from '~/ui/TextField';

/** The network interfaces, and the services that lead to them. */
export function NetworkStep({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { nics } = draft;
  const set = (index: number, nic: DraftNic) =>
    change({ nics: nics.map((one, other) => (other === index ? nic : one)) });
  const add = () => {
    const isFirst = !nics.some(({ network }) => network === 'pod');
    const name = isFirst && nics.length === 0 ? 'default' : freeName('nic', nics.map(nameOf));
    change({
      nics: [...nics, { ...podNic, name, ...(!isFirst && { network: '', binding: 'bridge' }) }],
    });
  };
  return (
    <>
      {nics.length === 0 ? (
        <span className="vd-hint">{t('It will have no network at all.')}</span>
      ) : null}
      {nics.map((nic, index) => (
        // Interfaces have no identity but their place.
        <Card key={index} isCompact component="section" aria-label={nic.name}>
          <CardBody className="vd-device">
            <div className="vd-field-row">
              <TextField
                id={`vd-nic-${index}-name`}
                label={t('Name')}
                value={nic.name}
                error={errorOf(`nic-${index}-name`)}
                onChange={(name) => set(index, { ...nic, name })}
              />
              <NetworkChoice
                index={index}
                nic={nic}
                namespace={draft.namespace}
                error={errorOf(`nic-${index}-network`)}
                onChange={(next) => set(index, next)}
              />
              <ChoiceField
                id={`vd-nic-${index}-model`}
                label={t('Model')}
                value={nic.model}
                choices={[
                  {
                    value: '',
                    label: draft.preference ? t('As the preference has it') : t('virtio'),
                  },
                  ...nicModels.map((model) => ({ value: model, label: model })),
                ]}
                onChange={(model) => set(index, { ...nic, model })}
              />
              <ChoiceField
                id={`vd-nic-${index}-binding`}
                label={t('Binding')}
                value={nic.binding}
                choices={draftBindings.map((binding) => ({ value: binding, label: binding }))}
                error={errorOf(`nic-${index}-binding`)}
                onChange={(binding) => set(index, { ...nic, binding })}
              />
              <TextField
                id={`vd-nic-${index}-mac`}
                label={t('MAC address')}
                value={nic.mac}
                placeholder={t('Chosen by the cluster')}
                error={errorOf(`nic-${index}-mac`)}
                onChange={(mac) => set(index, { ...nic, mac })}
              />
              <ChoiceField
                id={`vd-nic-${index}-link`}
                label={t('Cable')}
                value={nic.isLinkUp ? 'up' : 'down'}
                choices={[
                  { value: 'up', label: t('Plugged in') },
                  { value: 'down', label: t('Unplugged') },
                ]}
                onChange={(link) => set(index, { ...nic, isLinkUp: link === 'up' })}
              />
              <NumberField
                id={`vd-nic-${index}-boot`}
                label={t('Boot order')}
                help={t('Empty: it does not boot from this network.')}
                value={nic.bootOrder}
                error={errorOf(`nic-${index}-boot`)}
                onChange={(bootOrder) => set(index, { ...nic, bootOrder })}
              />
            </div>
            <Button
              variant="link"
              isInline
              isDanger
              aria-label={t('Remove interface {{name}}', { name: nic.name })}
              onClick={() => change({ nics: nics.filter((_one, other) => other !== index) })}
            >
              {t('Remove')}
            </Button>
          </CardBody>
        </Card>
      ))}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={add}>
          {t('Add network interface')}
        </Button>
      </div>
      <ServicesField draft={draft} change={change} errorOf={errorOf} />
    </>
  );
}

const nameOf = ({ name }: DraftNic) => name;

interface ChoiceProps {
  index: number;
  nic: DraftNic;
  namespace: string;
  error: string | undefined;
  onChange: (nic: DraftNic) => void;
}

/** The pod network, or a NetworkAttachmentDefinition where the cluster has such. */
function NetworkChoice({ index, nic, namespace, error, onChange }: ChoiceProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const isServed = useServed(networkAttachmentDefinitions) === true;
  const primary = usePrimaryNetwork(namespace);
  const id = `vd-nic-${index}-network`;
  const isPod = nic.network === 'pod';
  return (
    <>
      <ChoiceField
        id={isPod || !isServed ? id : `${id}-kind`}
        label={t('Network')}
        value={isPod ? 'pod' : 'multus'}
        choices={[
          {
            value: 'pod',
            label:
              primary === undefined
                ? t('Pod network')
                : t('{{name}} (user-defined network of the project)', { name: primary }),
          },
          {
            value: 'multus',
            label: isServed
              ? t('A network of the project')
              : t('A network of the project: this cluster has none (no Multus)'),
            isDisabled: !isServed,
          },
        ]}
        error={isPod || !isServed ? error : undefined}
        onChange={(kind) =>
          onChange(
            kind === 'pod'
              ? {
                  ...nic,
                  network: 'pod',
                  binding: primary === undefined ? 'masquerade' : 'l2bridge',
                }
              : { ...nic, network: '', binding: 'bridge' },
          )
        }
      />
      {isPod || !isServed ? null : (
        <SecondaryNetwork
          id={id}
          namespace={namespace}
          value={nic.network}
          error={error}
          onChange={(network) => onChange({ ...nic, network })}
        />
      )}
    </>
  );
}
