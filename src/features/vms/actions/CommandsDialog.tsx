import {
  Button,
  ClipboardCopy,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { vmCall, vmCommand, type VmOperation } from '~/kubevirt/vmCall';
import { vmCan } from '~/kubevirt/vmCan';
import type { VmListRow } from '~/kubevirt/vmListRow';

import { powerActions, useActionTexts } from './useActionTexts';

interface Props {
  vm: VmListRow;
  onClose: () => void;
}

/** What can be done to a VM now, as commands and as requests, to be copied. Nothing is done here. */
export function CommandsDialog({ vm, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = useActionTexts();
  const operations = powerActions.flatMap((action): [string, VmOperation][] =>
    action === 'cancelMigration' || !vmCan(action, vm).allowed
      ? []
      : [[texts[action].label, { action }]],
  );
  const all: readonly [string, VmOperation][] = [
    ...operations,
    ...(vmCan('delete', vm).allowed
      ? ([[t('Delete'), { action: 'delete' }]] as [string, VmOperation][])
      : []),
  ];
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="vd-commands-title">
      <ModalHeader
        title={t('Commands for {{name}}', { name: vm.name })}
        labelId="vd-commands-title"
        description={t('What can be done to it now, for a terminal and as a request to the API.')}
      />
      <ModalBody tabIndex={0} role="region" aria-labelledby="vd-commands-title">
        <DescriptionList isCompact>
          {all.map(([label, operation]) => (
            <Command key={operation.action} label={label} vm={vm} operation={operation} />
          ))}
        </DescriptionList>
      </ModalBody>
      <ModalFooter>
        <Button variant="secondary" onClick={onClose}>
          {t('Close')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface CommandProps {
  label: string;
  vm: VmListRow;
  operation: VmOperation;
}

function Command({ label, vm, operation }: CommandProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { method, path, body } = vmCall(vm, operation);
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{label}</DescriptionListTerm>
      <DescriptionListDescription>
        <ClipboardCopy
          isReadOnly
          isCode
          hoverTip={t('Copy')}
          clickTip={t('Copied')}
          textAriaLabel={t('Command: {{action}}', { action: label })}
        >
          {vmCommand(vm, operation)}
        </ClipboardCopy>
        <div className="vd-code vd-hint vd-request">
          {[`${method} ${path}`, body === undefined ? '' : JSON.stringify(body)].join(' ').trim()}
        </div>
      </DescriptionListDescription>
    </DescriptionListGroup>
  );
}
