import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useProjectChoices } from '~/api/projects';
import { FormModal } from '~/ui/FormModal';
import { LoadingState } from '~/ui/LoadingState';

import { useBootSources } from '~/api/bootSources';
import { useClaimBytes } from './useClaimBytes';
import { VmCreateForm } from './VmCreateForm';
import { useInstanceTypes } from '~/api/instanceTypes';
import {
  BLANK,
  suggestName,
  suggestProject,
  suggestSizes,
  suggestType,
  type VmFormValues,
} from './vmForm';

interface Props {
  /** Project of the page; `undefined` for all. */
  namespace: string | undefined;
  onClose: () => void;
}

/** Creates a VirtualMachine. The form is shown once what its first values depend on is known. */
export function VmCreateModal({ namespace, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = useBootSources(namespace);
  const projects = useProjectChoices();
  const [name] = useState(() => suggestName(Math.random));
  const first = sources.rows.find((row) => row.isReady);
  const claim = useClaimBytes(first);
  const types = useInstanceTypes(namespace ?? '');
  const isReady = !sources.isLoading && !types.isLoading && !projects.isLoading && !claim.isLoading;
  // Once shown the form stays, also while a list is being loaded anew.
  const [isShown, setShown] = useState(false);
  if (isReady && !isShown) setShown(true);
  if (!isReady && !isShown) {
    return (
      <FormModal
        title={t('Create virtual machine')}
        submitLabel={t('Create')}
        cancelLabel={t('Cancel')}
        isSubmitting={false}
        submitDisabledReason={t('Loading')}
        submitError={undefined}
        onSubmit={onClose}
        onCancel={onClose}
      >
        <LoadingState label={t('Loading the boot sources')} rows={6} />
      </FormModal>
    );
  }
  const defaults: VmFormValues = {
    name,
    namespace: namespace ?? suggestProject(projects.names ?? []),
    description: '',
    source: first?.key ?? BLANK,
    ...suggestSizes({ bytes: claim.bytes, memoryBytes: first?.memoryBytes }),
    instancetype: suggestType(first, types.types),
    preference: first?.preference ?? '',
    cpus: 1,
    startAtOnce: true,
  };
  return (
    <VmCreateForm
      defaults={defaults}
      sources={sources}
      types={types.types}
      projects={projects.names}
      hasFixedProject={namespace !== undefined}
      onClose={onClose}
    />
  );
}
