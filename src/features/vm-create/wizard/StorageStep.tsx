import { Button, Card, CardBody } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import { storageClasses } from '~/k8s/models';
import { UNITS } from '~/kubevirt/create/amount';
import { type DraftDisk, diskDraft, freeName, isMade } from '~/kubevirt/create/vmDraft';
import { busesOf } from '~/kubevirt/diskEdit';

import { AmountField } from '../AmountField';
import type { BootSources } from '~/api/bootSources';
import { ChoiceField } from './ChoiceField';
import { NamedChoice } from './NamedChoice';
import { NumberField } from './NumberField';
import { SourceFields } from './SourceFields';
import { emptySource } from '~/kubevirt/create/origin';

import { useSourceChoices } from './sourceKinds';
import type { StepProps } from './StepProps';
import { TextField } from './TextField';

interface Props extends StepProps {
  sources: BootSources;
}

/** The disks, the one that the system is on first. */
export function StorageStep({ draft, change, errorOf, sources }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { disks } = draft;
  const add = () =>
    change({
      disks: [
        ...disks,
        diskDraft(
          freeName(
            'disk',
            disks.map(({ name }) => name),
          ),
          { kind: 'blank' },
        ),
      ],
    });
  return (
    <>
      {disks.length === 0 ? (
        <span className="vd-hint">{t('It will have no disk, and boot from the network.')}</span>
      ) : null}
      {disks.map((disk, index) => (
        // Disks have no identity but their place.
        <Card key={index} isCompact component="section" aria-label={disk.name}>
          <CardBody className="vd-device">
            <DiskFields
              prefix={`disk-${index}`}
              disk={disk}
              namespace={draft.namespace}
              vmName={draft.name}
              hasPreference={draft.preference !== undefined}
              sources={sources}
              errorOf={errorOf}
              onChange={(next) =>
                change({ disks: disks.map((one, other) => (other === index ? next : one)) })
              }
            />
            <Button
              variant="link"
              isInline
              isDanger
              aria-label={t('Remove disk {{name}}', { name: disk.name })}
              onClick={() => change({ disks: disks.filter((_one, other) => other !== index) })}
            >
              {t('Remove')}
            </Button>
          </CardBody>
        </Card>
      ))}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={add}>
          {t('Add disk')}
        </Button>
      </div>
    </>
  );
}

interface FieldsProps {
  prefix: string;
  disk: DraftDisk;
  namespace: string;
  vmName: string;
  hasPreference: boolean;
  sources: BootSources;
  errorOf: (field: string) => string | undefined;
  onChange: (disk: DraftDisk) => void;
}

function DiskFields(props: FieldsProps) {
  const { prefix, disk, namespace, sources, errorOf, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const choices = useSourceChoices();
  const id = `vd-${prefix}`;
  return (
    <>
      <div className="vd-field-row">
        <TextField
          id={`${id}-name`}
          label={t('Name')}
          value={disk.name}
          error={errorOf(`${prefix}-name`)}
          onChange={(name) => onChange({ ...disk, name })}
        />
        <ChoiceField
          id={`${id}-kind`}
          label={t('Content')}
          value={disk.source.kind}
          choices={choices.map(({ kind, title, disabledReason }) => ({
            value: kind,
            label: title,
            isDisabled: disabledReason !== undefined,
          }))}
          onChange={(kind) => onChange({ ...disk, source: emptySource(kind, namespace) })}
        />
        <SourceFields
          id={`${id}-source`}
          disk={disk}
          namespace={namespace}
          vmName={props.vmName}
          sources={sources}
          error={errorOf(`${prefix}-source`)}
          onChange={onChange}
        />
        {isMade(disk) ? (
          <AmountField
            id={`${id}-size`}
            label={t('Size')}
            amount={disk.size}
            units={UNITS}
            error={errorOf(`${prefix}-size`)}
            onChange={(size) => onChange({ ...disk, size })}
          />
        ) : null}
      </div>
      <div className="vd-field-row">
        {isMade(disk) ? <VolumeFields id={id} disk={disk} onChange={onChange} /> : null}
        <DeviceFields {...props} />
      </div>
    </>
  );
}

type VolumeProps = Pick<FieldsProps, 'disk' | 'onChange'> & { id: string };

/** Of the volume that is made: its class and modes. */
function VolumeFields({ id, disk, onChange }: VolumeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <>
      <NamedChoice
        id={`${id}-class`}
        label={t('Storage class')}
        model={storageClasses}
        namespace={undefined}
        none={t('The default')}
        value={disk.storageClass}
        onChange={(storageClass) => onChange({ ...disk, storageClass })}
      />
      <ChoiceField
        id={`${id}-access`}
        label={t('Access mode')}
        value={disk.accessMode}
        choices={[
          { value: '', label: t('As suits the class') },
          { value: 'ReadWriteMany', label: t('ReadWriteMany: can be live migrated') },
          { value: 'ReadWriteOnce', label: t('ReadWriteOnce: bound to one node') },
          { value: 'ReadOnlyMany', label: 'ReadOnlyMany' },
        ]}
        onChange={(accessMode) => onChange({ ...disk, accessMode })}
      />
      <ChoiceField
        id={`${id}-mode`}
        label={t('Volume mode')}
        value={disk.volumeMode}
        choices={[
          { value: '', label: t('As suits the class') },
          { value: 'Filesystem', label: 'Filesystem' },
          { value: 'Block', label: 'Block' },
        ]}
        onChange={(volumeMode) => onChange({ ...disk, volumeMode })}
      />
    </>
  );
}

/** Of the device that the guest sees. */
function DeviceFields({ prefix, disk, hasPreference, errorOf, onChange }: FieldsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const id = `vd-${prefix}`;
  return (
    <>
      <ChoiceField
        id={`${id}-device`}
        label={t('Type')}
        value={disk.kind}
        choices={[
          { value: 'disk', label: t('Disk') },
          { value: 'cdrom', label: t('CD-ROM') },
          { value: 'lun', label: t('LUN') },
        ]}
        onChange={(kind) => onChange({ ...disk, kind, bus: '' })}
      />
      <ChoiceField
        id={`${id}-bus`}
        label={t('Bus')}
        value={disk.bus}
        choices={[
          {
            value: '' as const,
            label:
              hasPreference && disk.kind === 'disk'
                ? t('As the preference has it')
                : t('As suits it'),
          },
          ...busesOf(disk.kind).map((bus) => ({ value: bus, label: bus })),
        ]}
        onChange={(bus) => onChange({ ...disk, bus })}
      />
      <NumberField
        id={`${id}-boot`}
        label={t('Boot order')}
        help={t('Empty: in the order of the list.')}
        value={disk.bootOrder}
        error={errorOf(`${prefix}-boot`)}
        onChange={(bootOrder) => onChange({ ...disk, bootOrder })}
      />
    </>
  );
}
