import { useTranslation } from 'react-i18next';

import {
  type KubernetesCall,
  vmCall,
  vmCommand,
  type VmOperation,
  type VmRef,
} from '~/kubevirt/vmCall';
import { changeCommand, type VmChange } from '~/kubevirt/vmChange';
import { CommandView } from '~/ui/CommandView';

interface Props {
  vms: readonly VmRef[];
  operation: VmOperation;
}

/** What a dialog is about to do, as commands and as the request. */
export function OperationCommand({ vms, operation }: Props) {
  const [first] = vms;
  if (!first) return null;
  const command = vms.map((vm) => vmCommand(vm, operation)).join('\n');
  return <Command command={command} call={vmCall(first, operation)} />;
}

/** Any command, with its request where it is one. */
export function Command({ command, call }: { command: string; call?: KubernetesCall | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CommandView
      label={t('Show the command')}
      copyLabel={t('Copy')}
      copiedLabel={t('Copied')}
      command={command}
      request={call && requestText(call)}
    />
  );
}

function requestText({ method, path, body }: KubernetesCall): string {
  return [`${method} ${path}`, body === undefined ? '' : JSON.stringify(body)].join('\n').trim();
}

/** The same change of any number of VMs, as commands. */
export function ChangeCommand({ vms, change }: { vms: readonly VmRef[]; change: VmChange }) {
  const command = vms.map((vm) => changeCommand(vm, change)).join('\n');
  return command.trim() === '' ? null : <Command command={command} />;
}
