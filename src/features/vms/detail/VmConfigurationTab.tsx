import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Card, CardBody, CardTitle, SearchInput, Switch } from '@patternfly/react-core';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import { VmConflictError, vmSave } from '~/api/vmSave';
import { toFailure } from '~/k8s/errors';
import { formatBytes } from '~/k8s/quantity';
import { templateSpec } from '~/kubevirt/editVm';
import { readCloudInit, readSshKeys } from '~/kubevirt/vmAccess';
import { readSysprep } from '~/kubevirt/vmSysprep';
import { readBootOrder } from '~/kubevirt/vmBoot';
import { readCompute, readTypes } from '~/kubevirt/vmCompute';
import {
  readSetting,
  type Setting,
  type SettingGroup,
  vmSettings,
  writeSetting,
} from '~/kubevirt/vmSettings';
import { EmptyPage } from '~/ui/EmptyPage';
import { toastAdd } from '~/ui/toasts';

import { EditableValue } from './EditableValue';
import { VmBootOrderModal } from './VmBootOrderModal';
import { VmCloudInitModal } from './VmCloudInitModal';
import { VmComputeModal } from './VmComputeModal';
import type { VmEditorProps } from './VmEditorProps';
import { VmSettingModal } from './VmSettingModal';
import { VmSshKeysModal } from './VmSshKeysModal';
import { VmSysprepModal } from './VmSysprepModal';
import type { VmTabProps } from './VmTab';
import { VmTypesModal } from './VmTypesModal';

import './detail.css';

/** A setting with a dialog of its own. */
interface Part {
  id: string;
  group: SettingGroup;
  label: string;
  text: string;
  Editor: ComponentType<VmEditorProps>;
}

type T = ReturnType<typeof useTranslation<'plugin__virtdeck'>>['t'];

function partsOf(t: T, vm: V1VirtualMachine): readonly Part[] {
  const { sockets, cores, threads, memoryBytes } = readCompute(vm);
  const { instancetype, preference } = readTypes(vm);
  const { userData } = readCloudInit(vm);
  const tried = readBootOrder(vm).filter(({ order }) => order !== undefined);
  const size = `${t('{{count}} vCPUs', { count: sockets * cores * threads })}, ${formatBytes(memoryBytes)}`;
  return [
    {
      ...{ id: 'compute', group: 'details', label: t('CPU and memory'), Editor: VmComputeModal },
      text:
        instancetype === '' ? size : t('As instance type {{name}} has it', { name: instancetype }),
    },
    {
      ...{ id: 'types', group: 'details', label: t('Instance type and preference') },
      text: [instancetype, preference].filter(Boolean).join(', '),
      Editor: VmTypesModal,
    },
    {
      ...{ id: 'bootOrder', group: 'boot', label: t('Boot order'), Editor: VmBootOrderModal },
      text: tried.map(({ name }) => name).join(', ') || t('As the disks are listed'),
    },
    {
      ...{ id: 'sshKeys', group: 'access', label: t('SSH keys'), Editor: VmSshKeysModal },
      text: readSshKeys(vm).secret,
    },
    {
      ...{ id: 'cloudInit', group: 'access', label: t('Cloud-init'), Editor: VmCloudInitModal },
      text:
        userData === '' ? '' : t('{{count}} lines', { count: userData.trim().split('\n').length }),
    },
    {
      ...{ id: 'sysprep', group: 'access', label: t('Sysprep'), Editor: VmSysprepModal },
      text: readSysprep(vm).name,
    },
  ];
}

function settingText(
  t: T,
  setting: Exclude<Setting, { kind: 'switch' }>,
  vm: V1VirtualMachine,
): string {
  switch (setting.kind) {
    case 'select': {
      const value = readSetting(setting, vm);
      const option = setting.options.find((one) => one.value === value);
      return option ? t(option.label) : value;
    }
    case 'pairs':
      return Object.entries(readSetting(setting, vm))
        .map((pair) => pair.join('='))
        .join('\n');
    case 'yaml': {
      const value = readSetting(setting, vm);
      return value === undefined ? '' : stringify(value).trimEnd();
    }
    case 'number': {
      const value = readSetting(setting, vm);
      return value === undefined ? '' : `${value} ${setting.unit}`;
    }
    case 'text':
    case 'multiline':
      return readSetting(setting, vm);
  }
}

/** All that can be set of a VM, by groups and with a search. */
export function VmConfigurationTab({ vm, vmi, editReason }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string>();
  const groups: readonly (readonly [SettingGroup, string])[] = [
    ['details', t('Details')],
    ['boot', t('Boot')],
    ['scheduling', t('Scheduling')],
    ['access', t('Access and first start')],
    ['devices', t('Devices')],
  ];
  const parts = partsOf(t, vm);
  const isFound = (...texts: string[]) =>
    texts.some((text) => text.toLowerCase().includes(search.trim().toLowerCase()));
  const shown = groups.map(([group, title]) => ({
    group,
    title,
    parts: parts.filter((part) => part.group === group && isFound(part.label, part.text, title)),
    settings: vmSettings.filter(
      (setting) =>
        setting.group === group && isFound(t(setting.label), t(setting.help ?? ''), title),
    ),
  }));
  const filled = shown.filter((one) => one.parts.length + one.settings.length > 0);
  const openPart = parts.find(({ id }) => id === open);
  const openSetting = vmSettings.find(({ id }) => id === open);
  const close = () => setOpen(undefined);
  return (
    <div className="vd-stack">
      <SearchInput
        className="vd-config-search"
        aria-label={t('Search settings')}
        placeholder={t('Search settings')}
        value={search}
        onChange={(_event, value) => setSearch(value)}
        onClear={() => setSearch('')}
      />
      {filled.length === 0 ? (
        <EmptyPage
          title={t('No setting is called so')}
          body={t('Search for another word, or change it in the YAML.')}
        />
      ) : null}
      <div className="vd-config">
        {filled.map(({ group, title, parts, settings }) => (
          <Card key={group} component="section" aria-labelledby={`vd-config-${group}`}>
            <CardTitle component="h2" id={`vd-config-${group}`}>
              {title}
            </CardTitle>
            <CardBody>
              <dl className="vd-settings">
                {parts.map(({ id, label, text }) => (
                  <EditableValue
                    key={id}
                    label={label}
                    value={text}
                    disabledReason={editReason}
                    onEdit={() => setOpen(id)}
                  />
                ))}
                {settings.map((setting) =>
                  setting.kind === 'switch' ? (
                    <SwitchSetting
                      key={setting.id}
                      vm={vm}
                      setting={setting}
                      editReason={editReason}
                    />
                  ) : (
                    <EditableValue
                      key={setting.id}
                      label={t(setting.label)}
                      value={settingText(t, setting, vm)}
                      disabledReason={editReason}
                      onEdit={() => setOpen(setting.id)}
                    />
                  ),
                )}
                {group === 'details' ? (
                  <EditableValue
                    label={t('Machine type')}
                    value={templateSpec(vm).domain.machine?.type ?? ''}
                  />
                ) : null}
              </dl>
            </CardBody>
          </Card>
        ))}
      </div>
      {openPart ? <openPart.Editor vm={vm} vmi={vmi} onClose={close} /> : null}
      {openSetting && openSetting.kind !== 'switch' ? (
        <VmSettingModal vm={vm} vmi={vmi} setting={openSetting} onClose={close} />
      ) : null}
    </div>
  );
}

interface SwitchProps {
  vm: V1VirtualMachine;
  setting: Extract<Setting, { kind: 'switch' }>;
  editReason: string | undefined;
}

/** A setting that is saved as soon as it is flipped. */
function SwitchSetting({ vm, setting, editReason }: SwitchProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isSaving, setSaving] = useState(false);
  const label = t(setting.label);
  const isOn = readSetting(setting, vm);
  const flip = async (value: boolean) => {
    setSaving(true);
    try {
      await vmSave(vm, writeSetting(setting, vm, value));
      toastAdd({ tone: 'success', title: t('Saved: {{title}}', { title: label }) });
    } catch (error) {
      const title = t('{{label}} could not be changed', { label });
      const detail =
        error instanceof VmConflictError
          ? t('Somebody else has changed it at the same time.')
          : toFailure(error).detail;
      toastAdd({ tone: 'danger', title, detail });
    }
    setSaving(false);
  };
  return (
    <div className="vd-setting">
      <dt>{label}</dt>
      <dd>
        <Switch
          id={`vd-switch-${setting.id}`}
          aria-label={label}
          label={isOn ? t('On') : t('Off')}
          isChecked={isOn}
          isDisabled={isSaving || editReason !== undefined}
          onChange={(_event, value) => void flip(value)}
        />
        {(editReason ?? setting.help) === undefined ? null : (
          <div className="vd-hint">{editReason ?? t(setting.help ?? '')}</div>
        )}
      </dd>
    </div>
  );
}
