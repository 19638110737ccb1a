import {
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { consoleFetchJSON } from './consoleFetch.ts';

const formId = 'vc-create-project';
const fieldId = 'vc-create-project-name';

export interface CreateProjectModalProps {
  /** The user may not make namespaces, but ask OpenShift for a project. */
  isRequest: boolean;
  onClose: () => void;
  onCreated: (name: string) => void;
}

/** Asks for a name and creates the namespace or project; what the server says against it is at the field. */
export function CreateProjectModal({ isRequest, onClose, onCreated }: CreateProjectModalProps) {
  const { t } = useTranslation('console');
  const [name, setName] = useState('');
  const [error, setError] = useState('');
  const [isSubmitting, setIsSubmitting] = useState(false);

  const submit = async () => {
    setIsSubmitting(true);
    setError('');
    try {
      if (isRequest) {
        await consoleFetchJSON.post(
          '/api/kubernetes/apis/project.openshift.io/v1/projectrequests',
          { apiVersion: 'project.openshift.io/v1', kind: 'ProjectRequest', metadata: { name } },
        );
      } else {
        await consoleFetchJSON.post('/api/kubernetes/api/v1/namespaces', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name },
        });
      }
      onCreated(name);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setIsSubmitting(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (name !== '' && !isSubmitting) void submit();
  };

  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby={`${formId}-title`}>
      <ModalHeader title={t('Create project')} labelId={`${formId}-title`} />
      <ModalBody>
        <Form id={formId} onSubmit={onSubmit}>
          <FormGroup label={t('Name')} isRequired fieldId={fieldId}>
            <TextInput
              id={fieldId}
              isRequired
              // The dialog has this one field.
              autoFocus
              autoComplete="off"
              value={name}
              onChange={(_event, value) => {
                setName(value.trim());
                setError('');
              }}
              validated={error ? 'error' : 'default'}
              aria-describedby={`${fieldId}-help`}
            />
            <FormHelperText>
              <HelperText id={`${fieldId}-help`} aria-live="polite">
                <HelperTextItem variant={error ? 'error' : 'default'}>
                  {error || t('Lower-case letters, digits and dashes, for example "my-project".')}
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={formId}
          isLoading={isSubmitting}
          isDisabled={name === '' || isSubmitting}
        >
          {t('Create')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('Cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
