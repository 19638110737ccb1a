import { Alert, Button } from '@patternfly/react-core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import type { FailureCause } from '~/k8s/errors';
import { createCommand, objectsYaml } from '~/kubevirt/create/createCommands';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import type { Problem, Step } from '~/kubevirt/create/draftProblems';
import { draftVm } from '~/kubevirt/create/draftVm';
import { draftNames, type VmDraft } from '~/kubevirt/create/vmDraft';
import { CodeView } from '~/ui/CodeView';
import { CommandView } from '~/ui/CommandView';
import { LoadingState } from '~/ui/LoadingState';

import type { DraftCheck } from './useDraftCheck';
import type { StepProps } from './StepProps';
import { useStepNames } from './useStepNames';

// Colours and help for YAML are for who writes it.
const YamlField = lazy(() =>
  import('./YamlField').then((module) => ({ default: module.YamlField })),
);

const noCauses: readonly FailureCause[] = [];

interface Props extends StepProps {
  check: DraftCheck;
  /** What would be created, but not come to run. */
  warnings: readonly Problem[];
  textOf: (problem: Problem) => string;
  onGo: (step: Step) => void;
}

/** The objects that will be made, as YAML and as a command, and what the server thinks of them. */
export function ReviewStep(props: Props) {
  const { draft, change, errorOf, check, warnings, textOf, onGo } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const isByHand = draft.yaml !== undefined;
  const objects = objectsOf(draft);
  return (
    <>
      <CheckResult check={check}>
        <ProblemList problems={check.problems} textOf={textOf} onGo={onGo} />
      </CheckResult>
      {warnings.length === 0 ? null : (
        <Alert
          isInline
          component="h3"
          variant="warning"
          title={t('It can be created, but goes beyond a limit of the project')}
        >
          <ProblemList problems={warnings} textOf={textOf} onGo={onGo} />
        </Alert>
      )}
      {isByHand ? (
        <Suspense fallback={<LoadingState label={t('Loading')} rows={6} />}>
          <YamlField draft={draft} change={change} errorOf={errorOf} causes={causesOf(check)} />
        </Suspense>
      ) : (
        <CodeView
          label={t('YAML to be sent')}
          text={objectsYaml(objects)}
          actions={
            draft.count === 1 && draft.copy === undefined ? (
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

interface ListProps extends Pick<Props, 'textOf' | 'onGo'> {
  problems: readonly Problem[];
}

/** Problems, each with the way to where it is mended. */
function ProblemList({ problems, textOf, onGo }: ListProps) {
  const stepNames = useStepNames();
  return (
    <ul>
      {problems.map((problem, index) => (
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

/** What the server refused of the VM. */
function causesOf({ refusals }: DraftCheck): readonly FailureCause[] {
  const refusal = refusals.find(({ object }) => object.model.kind === 'VirtualMachine');
  return refusal?.failure.causes ?? noCauses;
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
