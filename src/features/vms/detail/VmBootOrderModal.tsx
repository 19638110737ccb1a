import { Button, Checkbox } from '@patternfly/react-core';
import ArrowDownIcon from '@patternfly/react-icons/dist/esm/icons/arrow-down-icon';
import ArrowUpIcon from '@patternfly/react-icons/dist/esm/icons/arrow-up-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type BootDevice, readBootOrder, writeBootOrder } from '~/kubevirt/vmBoot';

import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

/** Which devices the guest boots from, and in which order; by buttons, so that keys do it too. */
export function VmBootOrderModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [devices, setDevices] = useState<readonly (BootDevice & { isTried: boolean })[]>(() =>
    readBootOrder(vm).map((one) => ({ ...one, isTried: one.order !== undefined })),
  );
  const swap = (index: number, other: number) => {
    const next = [...devices];
    const [one, two] = [next[index], next[other]];
    if (one === undefined || two === undefined) return;
    next[index] = two;
    next[other] = one;
    setDevices(next);
  };
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('Boot order')}
      description={t(
        'Those that are marked are tried from top to bottom. Without any, disks are tried as they are listed.',
      )}
      edit={(one) =>
        writeBootOrder(
          one,
          devices.filter(({ isTried }) => isTried),
        )
      }
      onClose={onClose}
    >
      <ol className="vd-boot-order">
        {devices.map((device, index) => {
          const { kind, name, isTried } = device;
          return (
            <li key={`${kind} ${name}`}>
              <Checkbox
                id={`vd-boot-${kind}-${name}`}
                label={name}
                description={kind === 'disk' ? t('Disk') : t('Network interface')}
                isChecked={isTried}
                onChange={(_event, checked) =>
                  setDevices(
                    devices.map((one) => (one === device ? { ...one, isTried: checked } : one)),
                  )
                }
              />
              <span>
                <Button
                  variant="plain"
                  icon={<ArrowUpIcon />}
                  isDisabled={index === 0}
                  aria-label={t('Move {{name}} up', { name })}
                  onClick={() => swap(index, index - 1)}
                />
                <Button
                  variant="plain"
                  icon={<ArrowDownIcon />}
                  isDisabled={index === devices.length - 1}
                  aria-label={t('Move {{name}} down', { name })}
                  onClick={() => swap(index, index + 1)}
                />
              </span>
            </li>
          );
        })}
      </ol>
    </VmEditModal>
  );
}
