import { Button } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';

// A feature does not import another, but a list has to offer to create what it lists. The dialog is
// a chunk of its own, loaded when it is first asked for.
const VmCreateModal = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths
  import('../vm-create/VmCreateModal').then((module) => ({ default: module.VmCreateModal })),
);

interface Props {
  /** Project of the list; `undefined` for all. */
  namespace: string | undefined;
  text?: string;
}

/** Opens the dialog that creates a VirtualMachine. */
export function VmCreateButton({ namespace, text }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isOpen, setOpen] = useState(false);
  const access = useAccess({
    verb: 'create',
    group: 'kubevirt.io',
    resource: 'virtualmachines',
    namespace,
  });
  // Without a project the right may exist in some of them only: the dialog finds out.
  const isDenied = namespace !== undefined && !access.loading && !access.allowed;
  return (
    <>
      <Button
        isDisabled={isDenied}
        onClick={() => setOpen(true)}
        {...(isDenied ? { 'aria-describedby': 'vd-create-denied' } : {})}
      >
        {text ?? t('Create virtual machine')}
      </Button>
      {isDenied ? (
        <div id="vd-create-denied" className="vd-hint">
          {t('You are not allowed to create virtual machines in project {{namespace}}.', {
            namespace,
          })}
        </div>
      ) : null}
      {isOpen ? (
        <Suspense fallback={null}>
          <VmCreateModal namespace={namespace} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
