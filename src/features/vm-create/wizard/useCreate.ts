import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createAll, CreateAllError, objectText } from '~/api/createAll';
import { jobs } from '~/api/jobs';
import { missingReferences } from '~/api/references';
import { useNavigate, vmHref, vmListHref } from '~/console/navigation';
import { toFailure } from '~/k8s/errors';
import { createCommand } from '~/kubevirt/create/createCommands';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import { draftReferences, referenceProblem } from '~/kubevirt/create/draftReferences';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';
import type { ErrorText } from '~/ui/ErrorText';
import { toastAdd } from '~/ui/toasts';

import { draftStore } from '../draftStore';

/**
 * Creates all objects of a draft, or none, as a job among the recent tasks. `create` gives whether it
 * did; else `error` says why not.
 */
export function useCreate() {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const [error, setError] = useState<ErrorText>();

  const textOf = (thrown: unknown): ErrorText => {
    if (!(thrown instanceof CreateAllError)) {
      const { title, detail } = toFailure(thrown);
      return { title: t(title), detail };
    }
    const { refusal, rolledBack, left } = thrown;
    const lines = [`${objectText(refusal.object)}: ${refusal.failure.detail}`];
    if (rolledBack.length > 0) {
      const objects = rolledBack.map(objectText).join(', ');
      lines.push(t('Taken back: {{objects}}.', { objects }));
    }
    for (const { object, failure } of left) {
      const name = objectText(object);
      lines.push(t('Still there: {{name}} ({{reason}})', { name, reason: failure.detail }));
    }
    return { title: t('Nothing was created'), detail: lines.join('\n') };
  };

  const create = async (draft: VmDraft): Promise<boolean> => {
    setCreating(true);
    setError(undefined);
    // Deleted since they were chosen.
    const missing = await missingReferences(draftReferences(draft));
    if (missing.length > 0) {
      const lines = missing.map(referenceProblem).map(({ text, values = {} }) => t(text, values));
      setError({ title: t('Nothing was created'), detail: lines.join('\n') });
      setCreating(false);
      return false;
    }
    const objects = draftObjects(draft);
    const vms = objects.filter(({ model }) => model.kind === 'VirtualMachine');
    const names = draft.copy
      ? draftNames(draft)
      : vms.map(({ object }) => object.metadata?.name ?? '');
    const name = names.join(', ');
    const { namespace } = draft;
    let thrown: unknown;
    const run = async () => {
      try {
        await createAll(objects);
      } catch (error) {
        thrown = error;
        throw error;
      }
    };
    const job = await jobs.start({
      title: t('Create'),
      command: createCommand(objects),
      items: [{ namespace, name, run }],
    });
    setCreating(false);
    if (job.items[0]?.state === 'failed') {
      setError(textOf(thrown));
      return false;
    }
    draftStore.set(undefined);
    toastAdd({
      tone: 'success',
      title: draft.copy
        ? t('Copying {{source}} to {{name}}', { source: draft.copy.name, name })
        : t('Created {{name}}', { name }),
    });
    void navigate(vms.length === 1 ? vmHref({ namespace, name }) : vmListHref(namespace));
    return true;
  };
  return { isCreating, error, create };
}
