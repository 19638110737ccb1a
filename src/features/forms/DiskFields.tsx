import { useTranslation } from 'react-i18next';

import type { BootSources } from '~/api/bootSources';
import { storageClasses } from '~/k8s/models';
import { UNITS } from '~/kubevirt/create/amount';
import { emptySource } from '~/kubevirt/create/origin';
import {
  type Abilities,
  diskAbilities,
  type StorageFacts,
} from '~/kubevirt/create/storageAbilities';
import {
  type DraftDisk,
  isMade,
  isOfVolume,
  mayBeLun,
  withContent,
} from '~/kubevirt/create/vmDraft';
import { busesOf } from '~/kubevirt/diskKinds';

import { AmountField } from './AmountField';
import { ChoiceField } from '~/ui/ChoiceField';
import { NamedChoice } from './NamedChoice';
import { NumberField } from '~/ui/NumberField';
import { SourceFields } from './SourceFields';
import { useDiskChoices } from './diskSources';
import { TextField } from '~/ui/TextField';

interface FieldsProps {
  prefix: string;
  disk: DraftDisk;
  namespace: string;
  vmName: string;
  hasPreference: boolean;
  /** Of a drive that is there: only what can be put into it is asked for. */
  isMedium?: boolean;
  sources: BootSources;
  storage: StorageFacts;
  errorOf: (field: string) => string | undefined;
  /** Takes the files of a virtual appliance, where one can be taken. */
  onAppliance?: ((files: readonly File[]) => void) | undefined;
  onChange: (disk: DraftDisk) => void;
}

/** All that can be said of one disk. */
export function DiskFields(props: FieldsProps) {
  const { prefix, disk, namespace, sources, errorOf, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const isMedium = props.isMedium === true;
  const choices = useDiskChoices().filter(({ kind }) => !isMedium || isOfVolume(kind));
  const id = `vd-${prefix}`;
  return (
    <>
      <div className="vd-field-row">
        {isMedium ? null : (
          <TextField
            id={`${id}-name`}
            label={t('Name')}
            value={disk.name}
            error={errorOf(`${prefix}-name`)}
            onChange={(name) => onChange({ ...disk, name })}
          />
        )}
        <ChoiceField
          id={`${id}-kind`}
          label={t('Content')}
          value={disk.source.kind}
          choices={choices.map(({ kind, title, disabledReason }) => ({
            value: kind,
            label: title,
            isDisabled: disabledReason !== undefined,
          }))}
          onChange={(kind) => onChange(withContent(disk, emptySource(kind, namespace)))}
        />
        <SourceFields
          id={`${id}-source`}
          disk={disk}
          namespace={namespace}
          vmName={props.vmName}
          sources={sources}
          error={errorOf(`${prefix}-source`)}
          onAppliance={props.onAppliance}
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
        {isMade(disk) ? <VolumeFields {...props} id={id} /> : null}
        {isMedium ? null : <DeviceFields {...props} />}
      </div>
    </>
  );
}

type VolumeProps = Pick<FieldsProps, 'prefix' | 'disk' | 'storage' | 'errorOf' | 'onChange'> & {
  id: string;
};

/** Of the volume that is made: its class and modes. */
function VolumeFields({ id, prefix, disk, storage, errorOf, onChange }: VolumeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const abilityText = useAbilityText();
  return (
    <>
      <NamedChoice
        id={`${id}-class`}
        label={t('Storage class')}
        model={storageClasses}
        namespace={undefined}
        none={t('The default')}
        value={disk.storageClass}
        help={abilityText(diskAbilities(disk, storage))}
        error={errorOf(`${prefix}-class`)}
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
          { value: 'disk', label: t('Disk'), isDisabled: disk.source.kind === 'none' },
          { value: 'cdrom', label: t('CD-ROM') },
          { value: 'lun', label: t('LUN'), isDisabled: !mayBeLun(disk.source) },
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
      <ChoiceField
        id={`${id}-cache`}
        label={t('Cache')}
        value={disk.cache}
        choices={[
          { value: '', label: t('As suits it') },
          { value: 'none', label: t('none: past the cache of the node') },
          { value: 'writethrough', label: t('writethrough: writes are waited for') },
          { value: 'writeback', label: t('writeback: writes may be lost with the node') },
        ]}
        onChange={(cache) => onChange({ ...disk, cache })}
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

/** The abilities of a class in a line of words; what is not known is left out. */
function useAbilityText(): (abilities: Abilities | undefined) => string | undefined {
  const { t } = useTranslation('plugin__virtdeck');
  return (abilities) => {
    if (!abilities) return undefined;
    const { className, accessMode, canSnapshot, canCloneAtOnce, canGrow } = abilities;
    const words = [
      accessMode === undefined
        ? undefined
        : accessMode === 'ReadWriteMany'
          ? t('can be live migrated')
          : t('no live migration'),
      canSnapshot === undefined ? undefined : canSnapshot ? t('snapshots') : t('no snapshots'),
      canCloneAtOnce === undefined
        ? undefined
        : canCloneAtOnce
          ? t('cloned at once')
          : t('cloned by copying'),
      canGrow ? t('can be enlarged') : t('cannot be enlarged'),
    ].filter((word) => word !== undefined);
    return t('{{name}}: {{abilities}}', { name: className, abilities: words.join(' · ') });
  };
}
