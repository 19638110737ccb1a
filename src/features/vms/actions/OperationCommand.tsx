import { useTranslation } from 'react-i18next';

import { vmCall, vmCommand, type VmOperation, type VmRef } from '~/kubevirt/vmCall';
import { changeCommand, type VmChange } from '~/kubevirt/vmChange';
import { CommandView } from '~/ui/CommandView';

interface Props {
  vms: readonly VmRef[];
  operation: VmOperation;
}

/** What a dialog is about to do, as commands and as the request. */
export function OperationCommand({ vms, operation }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [first] = vms;
  if (!first) return null;
  const { method, path, body } = vmCall(first, operation);
  return (
    <CommandView
      label={t('Show the command')}
      copyLabel={t('Copy')}
      copiedLabel={t('Copied')}
      command={vms.map((vm) => vmCommand(vm, operation)).join('\n')}
      request={[`${method} ${path}`, body === undefined ? '' : JSON.stringify(body)]
        .join('\n')
        .trim()}
    />
  );
}

/** The same change of any number of VMs, as commands. */
export function ChangeCommand({ vms, change }: { vms: readonly VmRef[]; change: VmChange }) {
  const { t } = useTranslation('plugin__virtdeck');
  const command = vms.map((vm) => changeCommand(vm, change)).join('\n');
  if (command.trim() === '') return null;
  return (
    <CommandView
      label={t('Show the command')}
      copyLabel={t('Copy')}
      copiedLabel={t('Copied')}
      command={command}
    />
  );
}
