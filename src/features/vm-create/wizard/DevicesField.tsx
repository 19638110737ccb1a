import { useTranslation } from 'react-i18next';

import { useKubeVirt, useNodeRows } from '~/api/nodes';
import { sumOf } from '~/kubevirt/create/nodeOffer';
import { type DraftDevice, freeName } from '~/kubevirt/create/vmDraft';

import { ChoiceField } from '~/ui/ChoiceField';
import { RowsField } from './RowsField';
import type { StepProps } from './StepProps';
import { TextField } from '~/ui/TextField';

/** GPUs and other devices of the nodes that the cluster lets VMs have. */
export function DevicesField({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const permitted = useKubeVirt()?.permittedDevices;
  const nodes = useNodeRows();
  const { devices } = draft;
  const label = t('GPUs and host devices');
  if (permitted?.length === 0 && devices.length === 0) {
    return <span className="vd-hint">{t('This cluster permits no GPUs and host devices.')}</span>;
  }
  const textOf = (name: string) =>
    nodes ? t('{{name}} (on the nodes: {{number}})', { name, number: sumOf(nodes, name) }) : name;
  const names = devices.map(({ name }) => name);
  const newDevice = (kind: DraftDevice['kind']): DraftDevice => ({
    kind,
    name: freeName(kind === 'gpu' ? 'gpu' : 'device', names),
    deviceName: permitted?.length === 1 ? (permitted[0] ?? '') : '',
  });
  return (
    <RowsField
      id="vd-devices"
      label={label}
      error={errorOf('devices')}
      rows={devices}
      nameOf={({ name }) => name}
      render={(device, set, index) => {
        const field = {
          id: `vd-device-${index}`,
          label: device.kind === 'gpu' ? t('GPU') : t('Host device'),
          value: device.deviceName,
          error: errorOf(`device-${index}`),
          onChange: (deviceName: string) => set({ ...device, deviceName }),
        };
        return permitted ? (
          <ChoiceField
            {...field}
            choices={[
              { value: '', label: t('Choose one') },
              ...permitted.map((name) => ({ value: name, label: textOf(name) })),
            ]}
          />
        ) : (
          <TextField {...field} placeholder="vendor.example/device" />
        );
      }}
      adders={[
        { label: t('Add GPU'), row: newDevice('gpu') },
        { label: t('Add host device'), row: newDevice('hostDevice') },
      ]}
      onChange={(next) => change({ devices: next })}
    />
  );
}
