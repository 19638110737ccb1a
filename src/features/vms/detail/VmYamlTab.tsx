import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, Button, Flex } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parse } from 'yaml';

import { VmConflictError, vmSave } from '~/api/vmSave';
import { type FailureCause, toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import { changesOf } from '~/k8s/jsonPatch';
import { virtualMachines } from '~/k8s/models';
import { vmFacts } from '~/kubevirt/vmFacts';
import type { ErrorText } from '~/ui/ErrorText';
import { toastAdd } from '~/ui/toasts';
import { YamlEditor } from '~/ui/yaml/YamlEditor';
import { toYaml } from '~/ui/toYaml';

import { useErrorText } from '~/api/useErrorText';
import { useYamlHelp } from '~/api/useYamlHelp';
import { VmChangeList, VmConflictList } from './VmChangeList';
import { EffectNotice } from './VmEditModal';
import type { VmTabProps } from './VmTab';
import { VmYamlReader } from './VmYamlReader';

import './detail.css';

/** The object as YAML: to read, copy and keep, or to change. */
export function VmYamlTab({ vm, vmi, editReason }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [base, setBase] = useState<V1VirtualMachine>();
  if (base) return <VmYamlEditor base={base} vmi={vmi} onClose={() => setBase(undefined)} />;
  return (
    <VmYamlReader
      object={vm}
      edit={
        <Button
          variant="secondary"
          isAriaDisabled={editReason !== undefined}
          title={editReason}
          onClick={() => setBase(vm)}
        >
          {t('Edit YAML')}
        </Button>
      }
    />
  );
}

/** What of the text is not the user's to write stays as it is in the object. */
function withText(base: V1VirtualMachine, text: string): V1VirtualMachine | string {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!isRecord(parsed) || !isRecord(parsed['metadata']) || !isRecord(parsed['spec'])) {
    return '';
  }
  const { managedFields } = base.metadata ?? {};
  const metadata = { ...parsed['metadata'], ...(managedFields && { managedFields }) };
  const { status } = base;
  // The parse boundary: the server checks the rest, by its schema and its rules.
  return { ...parsed, metadata, ...(status && { status }) } as V1VirtualMachine;
}

const noCauses: readonly FailureCause[] = [];

interface EditorProps {
  base: V1VirtualMachine;
  vmi: VmTabProps['vmi'];
  onClose: () => void;
}

/** Changes the YAML; the server checks it and the changes are seen before anything is saved. */
function VmYamlEditor({ base, vmi, onClose }: EditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const toErrorText = useErrorText();
  const [text, setText] = useState(() => {
    const { status: _status, ...rest } = base;
    const { managedFields: _managed, ...metadata } = base.metadata ?? {};
    return toYaml({ ...rest, metadata });
  });
  const [isBusy, setBusy] = useState(false);
  const [isReviewed, setReviewed] = useState(false);
  const [failure, setFailure] = useState<ErrorText>();
  const [causes, setCauses] = useState<readonly FailureCause[]>(noCauses);
  const [conflict, setConflict] = useState<VmConflictError>();
  const mine = useMemo(() => withText(base, text), [base, text]);
  const mistake =
    typeof mine === 'string' ? mine || t('There must be metadata and a spec.') : undefined;
  const { name } = vmFacts(base, undefined);
  const help = useYamlHelp(virtualMachines, text, causes);

  const save = async (
    before: V1VirtualMachine,
    after: V1VirtualMachine,
    options: { dryRun: boolean },
  ) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await vmSave(before, after, options);
      if (options.dryRun) setReviewed(true);
      else {
        toastAdd({ tone: 'success', title: t('Saved {{name}}', { name }) });
        onClose();
      }
    } catch (error) {
      if (error instanceof VmConflictError) setConflict(error);
      else {
        setFailure(toErrorText(error));
        setCauses(toFailure(error).causes.filter(({ field }) => field !== ''));
      }
    }
    setBusy(false);
  };
  const change = (next: string) => {
    setText(next);
    setReviewed(false);
    setConflict(undefined);
    // What was refused may be mended by this.
    setCauses(noCauses);
  };
  const edited = typeof mine === 'string' ? base : mine;
  const changes = changesOf(base, edited);
  return (
    <div className="vd-stack">
      {conflict ? (
        <Alert
          isInline
          isLiveRegion
          component="h2"
          variant="warning"
          title={t('Somebody else has changed the same')}
          actionLinks={
            <Button
              variant="link"
              isInline
              onClick={() => void save(conflict.latest, conflict.merged, { dryRun: false })}
            >
              {t('Keep mine')}
            </Button>
          }
        >
          <VmConflictList conflicts={conflict.conflicts} />
        </Alert>
      ) : null}
      {failure ? (
        <Alert isInline isLiveRegion component="h2" variant="danger" title={failure.title}>
          <span className="vd-server-text">{failure.detail}</span>
        </Alert>
      ) : null}
      {isReviewed ? (
        <section aria-label={t('Changes')}>
          <EffectNotice base={base} mine={edited} vmi={vmi} />
          <VmChangeList changes={changes} />
        </section>
      ) : (
        <YamlEditor
          label={t('YAML of {{name}}', { name })}
          value={text}
          onChange={change}
          mistake={mistake}
          {...help}
        />
      )}
      <Flex columnGap={{ default: 'columnGapSm' }}>
        {isReviewed ? (
          <>
            <Button
              isLoading={isBusy}
              isDisabled={isBusy}
              onClick={() => void save(base, edited, { dryRun: false })}
            >
              {t('Save')}
            </Button>
            <Button variant="secondary" onClick={() => setReviewed(false)}>
              {t('Back to the YAML')}
            </Button>
          </>
        ) : (
          <Button
            isLoading={isBusy}
            isDisabled={isBusy || mistake !== undefined || changes.length === 0}
            onClick={() => void save(base, edited, { dryRun: true })}
          >
            {t('Check and review')}
          </Button>
        )}
        <Button variant="link" onClick={onClose}>
          {t('Cancel')}
        </Button>
      </Flex>
    </div>
  );
}
