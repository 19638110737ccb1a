import { Alert, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useNetworkChoices } from '~/api/networks';
import { useWatchList } from '~/api/useWatch';
import { useNavigate, vmWizardHref } from '~/console/navigation';
import { nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { networkAttachmentDefinitions, storageClasses } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { ApplianceError } from '~/kubevirt/create/appliance/ApplianceError';
import { networksOf } from '~/kubevirt/create/appliance/applianceDraft';
import { type Appliance, openAppliance } from '~/kubevirt/create/appliance/openAppliance';
import { DetailList } from '~/ui/DetailList';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { LoadingState } from '~/ui/LoadingState';
import { RadioCard } from '~/ui/RadioCard';

import { useDraft } from '../draftStore';
import { type ApplianceMapping, takeAppliance } from './takeAppliance';

interface Props {
  files: readonly File[];
  onClose: () => void;
}

type Opened = { appliance: Appliance } | { error: unknown };

/** What an appliance has, and how it is to fit into this cluster; then its disks are sent. */
export function ApplianceModal({ files, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const draft = useDraft();
  const namespace = draft?.namespace ?? '';
  const [opened, setOpened] = useState<Opened>();
  const [mapping, setMapping] = useState<ApplianceMapping>();
  const [isTaking, setTaking] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  // Reads the files.
  useEffect(() => {
    let isWanted = true;
    openAppliance(files.map((file) => ({ name: file.name, content: file }))).then(
      (appliance) => {
        if (!isWanted) return;
        setOpened({ appliance });
        setMapping(firstMapping(appliance));
      },
      (error: unknown) => {
        if (isWanted) setOpened({ error });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [files]);
  const appliance = opened && 'appliance' in opened ? opened.appliance : undefined;
  const error = opened && 'error' in opened ? opened.error : failure;
  const textOf = (thrown: unknown): string => {
    if (!(thrown instanceof ApplianceError)) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
    return [t(thrown.message), thrown.about].filter(Boolean).join('\n');
  };
  const take = async () => {
    if (!appliance || !mapping || !draft) return;
    setTaking(true);
    try {
      await takeAppliance({ draft, appliance, mapping, files });
      onClose();
      void navigate(vmWizardHref('storage'));
    } catch (thrown) {
      setFailure(thrown);
      setTaking(false);
    }
  };
  return (
    <FormModal
      size="large"
      title={t('Virtual appliance')}
      description={files.map(({ name }) => name).join(', ')}
      submitLabel={t('Take over and upload')}
      cancelLabel={t('Cancel')}
      isSubmitting={isTaking}
      submitDisabledReason={
        appliance === undefined
          ? error === undefined
            ? t('Loading')
            : t('It cannot be read.')
          : namespace === ''
            ? t('Choose a project')
            : undefined
      }
      submitError={
        error === undefined
          ? undefined
          : { title: t('The appliance cannot be read'), detail: textOf(error) }
      }
      onSubmit={() => void take()}
      onCancel={onClose}
    >
      {opened === undefined ? <LoadingState label={t('Reading the appliance')} rows={4} /> : null}
      {appliance && mapping ? (
        <ApplianceFields
          appliance={appliance}
          namespace={namespace}
          mapping={mapping}
          onChange={setMapping}
        />
      ) : null}
    </FormModal>
  );
}

/** The first network takes the place of the pod network; others are for the user to say. */
function firstMapping(appliance: Appliance): ApplianceMapping {
  const networks = networksOf(appliance);
  return {
    storageClasses: appliance.disks.map(() => ''),
    networks: Object.fromEntries(networks.map((name, index) => [name, index === 0 ? 'pod' : ''])),
    devices: appliance.isWindows ? 'common' : 'virtio',
  };
}

interface FieldsProps {
  appliance: Appliance;
  namespace: string;
  mapping: ApplianceMapping;
  onChange: (mapping: ApplianceMapping) => void;
}

function ApplianceFields({ appliance, namespace, mapping, onChange }: FieldsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const firmware = { BIOS: t('BIOS'), UEFI: t('UEFI'), SecureBoot: t('UEFI with Secure Boot') };
  return (
    <>
      <DetailList
        label={t('Virtual appliance')}
        columns={2}
        details={[
          { term: t('Name'), value: appliance.name },
          { term: t('Guest system'), value: appliance.system },
          {
            term: t('CPU and memory'),
            value: t('{{cpus}} vCPU, {{memory}}', {
              cpus: appliance.cpus,
              memory: formatBytes(appliance.memoryBytes),
            }),
          },
          { term: t('Firmware'), value: firmware[appliance.firmware] },
        ]}
      />
      {appliance.others.length > 0 ? (
        <Alert
          isInline
          component="h3"
          variant="info"
          title={t('There are further virtual machines in it, which are left out')}
        >
          {appliance.others.join(', ')}
        </Alert>
      ) : null}
      <DiskFields appliance={appliance} mapping={mapping} onChange={onChange} />
      <NetworkFields
        appliance={appliance}
        namespace={namespace}
        mapping={mapping}
        onChange={onChange}
      />
      <FieldGroup
        label={t('Devices')}
        fieldId="vd-appliance-devices"
        role="radiogroup"
        error={undefined}
      >
        <div className="vd-radio-cards">
          {(
            [
              ['virtio', t('virtio'), t('Fast; Linux knows them, Windows needs drivers')],
              ['common', t('SATA and e1000e'), t('Slower; any system knows them')],
            ] as const
          ).map(([value, title, text]) => (
            <RadioCard
              key={value}
              name="vd-appliance-devices"
              value={value}
              title={title}
              isChecked={mapping.devices === value}
              onChoose={() => onChange({ ...mapping, devices: value })}
            >
              <span className="vd-hint">{text}</span>
            </RadioCard>
          ))}
        </div>
      </FieldGroup>
    </>
  );
}

function DiskFields({ appliance, mapping, onChange }: Omit<FieldsProps, 'namespace'>) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model: storageClasses, namespace: undefined, toRow: nameOf });
  const classes = [...(rowsOf(watched) ?? [])].sort();
  return (
    <>
      {appliance.disks.map((disk, index) => {
        const id = `vd-appliance-disk-${index}`;
        const size = t('Size: {{size}}', { size: formatBytes(disk.bytes) });
        const sent =
          disk.content === undefined
            ? t('empty')
            : t('to be sent: {{size}}', { size: formatBytes(disk.content.size) });
        return (
          <FieldGroup
            key={id}
            label={t('Storage class of {{disk}}', { disk: disk.name })}
            fieldId={id}
            help={[size, sent].join(' · ')}
            error={undefined}
          >
            <FormSelect
              id={id}
              value={mapping.storageClasses[index] ?? ''}
              aria-describedby={`${id}-help`}
              onChange={(_event, value) =>
                onChange({
                  ...mapping,
                  storageClasses: mapping.storageClasses.map((one, other) =>
                    other === index ? value : one,
                  ),
                })
              }
            >
              <FormSelectOption value="" label={t('The default')} />
              {classes.map((name) => (
                <FormSelectOption key={name} value={name} label={name} />
              ))}
            </FormSelect>
          </FieldGroup>
        );
      })}
    </>
  );
}

function NetworkFields({ appliance, namespace, mapping, onChange }: FieldsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const isServed = useServed(networkAttachmentDefinitions) === true;
  const choices = useNetworkChoices(namespace, isServed);
  return (
    <>
      {networksOf(appliance).map((name, index) => {
        const id = `vd-appliance-network-${index}`;
        return (
          <FieldGroup
            key={name}
            label={t('Network {{name}}', { name: name || '?' })}
            fieldId={id}
            error={undefined}
          >
            <FormSelect
              id={id}
              value={mapping.networks[name] ?? ''}
              onChange={(_event, value) =>
                onChange({ ...mapping, networks: { ...mapping.networks, [name]: value } })
              }
            >
              <FormSelectOption value="" label={t('Leave it out')} />
              <FormSelectOption value="pod" label={t('Pod network')} />
              {choices.names.map((one) => (
                <FormSelectOption key={one} value={one} label={one} />
              ))}
            </FormSelect>
          </FieldGroup>
        );
      })}
    </>
  );
}
