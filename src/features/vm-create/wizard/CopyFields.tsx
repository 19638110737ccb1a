import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Checkbox } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useWatchList, useWatchObject } from '~/api/useWatch';
import { rowsOf } from '~/k8s/Watched';
import { virtualMachines, virtualMachineSnapshots } from '~/k8s/models';
import { ownSizeOf } from '~/kubevirt/create/ownSize';
import type { DraftCopy } from '~/kubevirt/create/vmDraft';
import { toSnapshotRow } from '~/kubevirt/vmSnapshots';

import { AmountField } from '../../forms/AmountField';
import { ChoiceField } from '~/ui/ChoiceField';
import { NamedChoice } from '../../forms/NamedChoice';
import { NumberField } from '~/ui/NumberField';
import type { StepProps } from './StepProps';
import { TextField } from '~/ui/TextField';

interface FieldProps extends Pick<StepProps, 'errorOf'> {
  copy: DraftCopy;
  namespace: string;
  onChange: (copy: DraftCopy) => void;
}

/** Which VM, or snapshot of one, is copied, and what is to be otherwise in the copy. */
export function CopyFields({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { copy, namespace } = draft;
  if (!copy) return null;
  const onChange = (next: DraftCopy) => change({ copy: next });
  const props = { copy, namespace, errorOf, onChange };
  return (
    <>
      {copy.kind === 'VirtualMachine' ? <VmField {...props} /> : <SnapshotField {...props} />}
      <Checkbox
        id="vd-copy-start"
        label={t('Start as soon as it is created')}
        isChecked={copy.start}
        onChange={(_event, start) => onChange({ ...copy, start })}
      />
      <span className="vd-hint">
        {t(
          'The copy has the disks as they are now, or were then, and MAC addresses and a serial number of its own. Its host name, users and keys are those of the source.',
        )}
      </span>
    </>
  );
}

function VmField({ copy, namespace, errorOf, onChange }: FieldProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchObject<V1VirtualMachine>(
    copy.name === '' ? undefined : { model: virtualMachines, namespace, name: copy.name },
  );
  const size = watched.state === 'ready' && watched.data ? ownSizeOf(watched.data) : undefined;
  return (
    <>
      <NamedChoice
        id="vd-copy"
        label={t('Virtual machine')}
        model={virtualMachines}
        namespace={namespace}
        none={t('Choose one')}
        value={copy.name}
        error={errorOf('copy')}
        onChange={(name) => onChange({ ...copy, name, cores: undefined, memory: undefined })}
      />
      {size === undefined ? null : (
        <div className="vd-field-row">
          <NumberField
            id="vd-copy-cores"
            label={t('Cores of a socket')}
            value={copy.cores ?? size.cores}
            error={errorOf('copy-cores')}
            onChange={(cores) => onChange({ ...copy, cores: cores ?? 0 })}
          />
          <AmountField
            id="vd-copy-memory"
            label={t('Memory')}
            amount={copy.memory ?? size.memory}
            units={['MiB', 'GiB']}
            error={errorOf('copy-memory')}
            onChange={(memory) => onChange({ ...copy, memory })}
          />
        </div>
      )}
    </>
  );
}

function SnapshotField({ copy, namespace, errorOf, onChange }: FieldProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList(
    namespace === ''
      ? undefined
      : { model: virtualMachineSnapshots, namespace, toRow: toSnapshotRow },
  );
  const shared = {
    ...{ id: 'vd-copy', label: t('Snapshot'), value: copy.name, error: errorOf('copy') },
    onChange: (name: string) => onChange({ ...copy, name }),
  };
  if (watched.state === 'error') {
    const help = t('The list cannot be read: {{reason}}', { reason: watched.error.detail });
    return <TextField {...shared} help={help} />;
  }
  const rows = rowsOf(watched) ?? [];
  return (
    <ChoiceField
      {...shared}
      choices={[
        { value: '', label: t('Choose one') },
        ...[...rows]
          .sort((a, b) => b.created.localeCompare(a.created))
          .map(({ name, vm, created, isReady }) => ({
            value: name,
            label: t('{{name}} (of {{vm}}, {{when}})', {
              ...{ name, vm, when: created === '' ? '' : new Date(created).toLocaleString() },
            }),
            isDisabled: !isReady,
          })),
      ]}
    />
  );
}
