import { useTranslation } from 'react-i18next';

import { vmCall, vmCommand, type VmOperation, type VmRef } from '~/kubevirt/vmCall';
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
