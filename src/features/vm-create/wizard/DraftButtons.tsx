import { Button } from '@patternfly/react-core';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { vmTemplates } from '~/k8s/models';
import { needsSecret } from '~/kubevirt/create/draftVm';
import { draftLink } from '~/kubevirt/create/parseDraft';
import type { VmDraft } from '~/kubevirt/create/vmDraft';
import { dialogOpen } from '~/ui/dialogs';
import { textCopy } from '~/ui/textCopy';

// Few make templates.
const TemplateSaveModal = lazy(() =>
  import('./TemplateSaveModal').then((module) => ({ default: module.TemplateSaveModal })),
);

/** Copies an address that opens the wizard as it is. */
export function LinkButton({ draft }: { draft: VmDraft }) {
  const { t } = useTranslation('plugin__virtdeck');
  const copy = async () => {
    const page = new URL(window.location.href);
    page.search = '';
    page.hash = draftLink(draft);
    await textCopy(page.href, {
      copied: t('The link is copied'),
      detail: t('It opens this wizard as it is now, without passwords and YAML.'),
      notCopied: t('The browser did not let it be copied'),
    });
  };
  return (
    <Button variant="link" onClick={() => void copy()}>
      {t('Copy link')}
    </Button>
  );
}

/** Keeps what the wizard has as a template, where the form has all of it and the VM alone holds it. */
export function TemplateButton({ draft, isReady }: { draft: VmDraft; isReady: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  const isServed = useServed(vmTemplates) === true;
  if (!isServed || draft.copy !== undefined || draft.template !== undefined) return null;
  const reason =
    draft.yaml !== undefined
      ? t('Of YAML no template can be made: go back to the form.')
      : needsSecret(draft) || draft.sysprep.kind === 'typed'
        ? t(
            'A template cannot hold the secret that is made along: shorten the user data, or choose a secret.',
          )
        : undefined;
  return (
    <Button
      variant="link"
      isDisabled={!isReady && reason === undefined}
      isAriaDisabled={reason !== undefined}
      title={reason}
      onClick={() => dialogOpen((close) => <TemplateSaveModal draft={draft} onClose={close} />)}
    >
      {t('Save as template')}
    </Button>
  );
}
