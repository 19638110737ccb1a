import { Alert } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { objectText } from '~/api/createAll';
import { objectCreate } from '~/api/objects';
import { useErrorText } from '~/api/useErrorText';
import { vmTemplates } from '~/k8s/models';
import { draftVm } from '~/kubevirt/create/draftVm';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';
import { saveAsTemplate } from '~/kubevirt/templates/saveAsTemplate';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { vmServiceName } from '~/kubevirt/vmService';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { TextField } from '~/ui/TextField';

interface Props {
  draft: VmDraft;
  onClose: () => void;
}

/** Makes a template of what the wizard has, without making the VM. */
export function TemplateSaveModal({ draft, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [vmName = ''] = draftNames(draft);
  const [name, setName] = useState(`${vmName}-template`);
  const [title, setTitle] = useState('');
  const mistake = nameMistake(name);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      const { namespace, description } = draft;
      const choice = { name, namespace, title, description, disks: 'sources' as const };
      await objectCreate(vmTemplates, saveAsTemplate(draftVm(draft, vmName), choice));
      toastAdd({ tone: 'success', title: t('Created {{name}}', { name }) });
    },
    onClose,
  );
  return (
    <FormModal
      title={t('Save as template')}
      submitLabel={t('Create')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={() => {
        if (!mistake) submit();
      }}
      onCancel={onClose}
    >
      <TextField
        id="vd-template-name"
        label={t('Name')}
        isRequired
        value={name}
        error={mistake && t(nameTexts[mistake])}
        onChange={(text) => setName(text.trim())}
      />
      <TextField
        id="vd-template-title"
        label={t('Display name')}
        value={title}
        onChange={setTitle}
      />
      {draft.services.length + draft.also.length === 0 ? null : (
        <Alert
          isInline
          isPlain
          component="h3"
          variant="info"
          title={t(
            'A template holds the virtual machine alone: what is made along with it is left out.',
          )}
        >
          {[
            ...draft.services.map(({ port = 0 }) => `Service ${vmServiceName(vmName, port)}`),
            ...draft.also.map(objectText),
          ].join(', ')}
        </Alert>
      )}
    </FormModal>
  );
}
