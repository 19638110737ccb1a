import { Alert, Button, TextArea } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import { createCommand, objectsYaml } from '~/kubevirt/create/createCommands';
import { draftObjects, yamlVm } from '~/kubevirt/create/draftObjects';
import type { Problem, Step } from '~/kubevirt/create/draftProblems';
import { readDraft } from '~/kubevirt/create/readDraft';
import { draftVm } from '~/kubevirt/create/draftVm';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';
import { CodeView } from '~/ui/CodeView';
import { CommandView } from '~/ui/CommandView';
import { FieldGroup } from '~/ui/FieldGroup';

import type { DraftCheck } from './useDraftCheck';
import type { StepProps } from './StepProps';
import { useStepNames } from './useStepNames';

interface Props extends StepProps {
  check: DraftCheck;
  textOf: (problem: Problem) => string;
  onGo: (step: Step) => void;
}

/** The objects that will be made, as YAML and as a command, and what the server thinks of them. */
export function ReviewStep({ draft, change, errorOf, check, textOf, onGo }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const stepNames = useStepNames();
  const isByHand = draft.yaml !== undefined;
  const objects = objectsOf(draft);
  return (
    <>
      <CheckResult check={check}>
        <ul>
          {check.problems.map((problem, index) => (
            <li key={index}>
              {problem.step === 'review' ? null : (
                <>
                  <Button variant="link" isInline onClick={() => onGo(problem.step)}>
                    {stepNames[problem.step]}
                  </Button>
                  {': '}
                </>
              )}
              <span className="vd-server-text">{textOf(problem)}</span>
            </li>
          ))}
        </ul>
      </CheckResult>
      {isByHand ? (
        <YamlField draft={draft} change={change} errorOf={errorOf} />
      ) : (
        <CodeView
          label={t('YAML to be sent')}
          text={objectsYaml(objects)}
          actions={
            draft.count === 1 ? (
              <Button variant="link" isInline onClick={() => change({ yaml: vmYaml(draft) })}>
                {t('Edit as YAML')}
              </Button>
            ) : null
          }
        />
      )}
      {objects.length === 0 ? null : (
        <CommandView
          label={t('As a command')}
          copyLabel={t('Copy')}
          copiedLabel={t('Copied')}
          command={createCommand(objects)}
        />
      )}
    </>
  );
}

function vmYaml(draft: VmDraft): string {
  const [name = ''] = draftNames(draft);
  return stringify(draftVm(draft, name), { lineWidth: 0 });
}

function objectsOf(draft: VmDraft) {
  try {
    return draftObjects(draft);
  } catch {
    // The YAML is none as yet, which its field says.
    return [];
  }
}

function CheckResult({ check, children }: { check: DraftCheck; children: ReactNode }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (check.problems.length > 0) {
    return (
      <Alert isInline component="h3" variant="danger" title={t('This is to be mended first')}>
        {children}
      </Alert>
    );
  }
  return check.isChecking ? (
    <Alert isInline component="h3" variant="info" title={t('The server is checking it')} />
  ) : (
    <Alert
      isInline
      component="h3"
      variant="success"
      title={t('The server has checked it and would create it')}
    />
  );
}

function YamlField({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const text = draft.yaml ?? '';
  const read = formOf(text, draft);
  return (
    <>
      <FieldGroup label={t('VirtualMachine as YAML')} fieldId="vd-yaml" error={errorOf('yaml')}>
        <TextArea
          id="vd-yaml"
          className="vd-mono"
          rows={20}
          resizeOrientation="vertical"
          spellCheck={false}
          value={text}
          aria-describedby="vd-yaml-help"
          onChange={(_event, yaml) => change({ yaml })}
        />
      </FieldGroup>
      <div>
        <Button
          variant="secondary"
          isDisabled={read === undefined}
          onClick={() => {
            if (read) change({ ...read, yaml: undefined });
          }}
        >
          {t('Back to the form')}
        </Button>{' '}
        <Button variant="link" isDanger onClick={() => change({ yaml: undefined })}>
          {t('Discard the YAML')}
        </Button>
        {read === undefined ? (
          <span className="vd-hint">
            {t('The form cannot show all that is written here, so it stays YAML.')}
          </span>
        ) : null}
      </div>
    </>
  );
}

function formOf(text: string, { namespace }: VmDraft): VmDraft | undefined {
  try {
    return readDraft(yamlVm(text, namespace));
  } catch {
    // No YAML, or not of this shape, which the field and the server say.
    return undefined;
  }
}
