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

import type { VmListRow } from '~/kubevirt/vmListRow';

import { requestText } from './OperationCommand';
import { type CommandEntry, useCommands } from './useCommands';

interface Props {
  vm: VmListRow;
  onClose: () => void;
}

/** What can be done to a VM now, as commands and as requests, to be copied. Nothing is done here. */
export function CommandsDialog({ vm, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const all = useCommands(vm);
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="vd-commands-title">
      <ModalHeader
        title={t('Commands for {{name}}', { name: vm.name })}
        labelId="vd-commands-title"
        description={t(
          'What can be done to it now, for a terminal and as a request to the API. Dialogs show the command of what is chosen in them.',
        )}
      />
      <ModalBody tabIndex={0} role="region" aria-labelledby="vd-commands-title">
        <DescriptionList isCompact>
          {all.map((entry) => (
            <Command key={entry.label} {...entry} />
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

function Command({ label, command, calls }: CommandEntry) {
  const { t } = useTranslation('plugin__virtdeck');
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
          {command}
        </ClipboardCopy>
        {calls.map((call) => (
          <div key={call.path} className="vd-code vd-hint vd-request">
            {requestText(call)}
          </div>
        ))}
      </DescriptionListDescription>
    </DescriptionListGroup>
  );
}
