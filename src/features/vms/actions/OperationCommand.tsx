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

interface CommandProps {
  command: string;
  /** One request or several; undefined while they are not known. */
  call?: KubernetesCall | readonly KubernetesCall[] | undefined;
}

/** Any command, with its requests. */
export function Command({ command, call }: CommandProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CommandView
      label={t('Show the command')}
      copyLabel={t('Copy')}
      copiedLabel={t('Copied')}
      command={command}
      request={call && [call].flat().map(requestText).join('\n\n')}
    />
  );
}

/** A request as it is read: its first line, and its body. */
export function requestText({
  method,
  path,
  body,
}: Omit<KubernetesCall, 'method'> & { method: string }): string {
  return [`${method} ${path}`, body === undefined ? '' : JSON.stringify(body)].join('\n').trim();
}

interface ChangeProps {
  vms: readonly VmRef[];
  change: VmChange;
  /** The request of the first VM that is changed, once it is known what that VM has. */
  call: KubernetesCall | undefined;
}

/** The same change of any number of VMs, as commands. */
export function ChangeCommand({ vms, change, call }: ChangeProps) {
  const command = vms.map((vm) => changeCommand(vm, change)).join('\n');
  return command.trim() === '' ? null : <Command command={command} call={call} />;
}
