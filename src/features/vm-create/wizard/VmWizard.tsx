import { Button, Form, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLocation, useNavigate, vmListHref, vmWizardHref } from '~/console/navigation';
import { type Problem, type Step, steps } from '~/kubevirt/create/draftProblems';
import type { VmDraft } from '~/kubevirt/create/vmDraft';
import { DialogError } from '~/ui/DialogFrame';

import { draftStore } from '../draftStore';
import type { BootSources } from '~/api/bootSources';
import type { InstanceTypes } from '~/api/instanceTypes';
import { ComputeStep } from './ComputeStep';
import { LinkButton, TemplateButton } from './DraftButtons';
import { DropZone } from './DropZone';
import { InitialisationStep } from './InitialisationStep';
import { NetworkStep } from './NetworkStep';
import { ReviewStep } from './ReviewStep';
import { SchedulingStep } from './SchedulingStep';
import { SourceStep } from './SourceStep';
import { StepList, type StepMark } from './StepList';
import { StorageStep } from './StorageStep';
import { Summary } from './Summary';
import { useCreate } from './useCreate';
import { useDraftCheck } from './useDraftCheck';
import { useDraftCost } from './useDraftCost';
import { useStepNames } from './useStepNames';

interface Props {
  draft: VmDraft;
  /** Names to choose from; `undefined` when the user may not list them. */
  projects: readonly string[] | undefined;
  sources: BootSources;
  types: InstanceTypes;
}

/**
 * The steps around one draft, which is plain data outside of React: it outlives the page, and both
 * the form and the YAML are made of it. react-hook-form, which keeps values by their inputs, would
 * be a second truth beside it.
 */
export function VmWizard({ draft, projects, sources, types }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { search } = useLocation();
  const navigate = useNavigate();
  const names = useStepNames();
  const wanted = new URLSearchParams(search).get('step');
  const step = steps.find((one) => one === wanted) ?? 'source';
  const [seen, setSeen] = useState<ReadonlySet<Step>>(new Set());
  const check = useDraftCheck(draft);
  const cost = useDraftCost(draft, types);
  const { isCreating, error, create } = useCreate();
  const go = (next: Step) => {
    setSeen(new Set(next === 'review' ? steps : [...seen, step]));
    // What was chosen may have been deleted meanwhile.
    if (next === 'review') check.again();
    void navigate(vmWizardHref(next));
  };
  const change = (part: Partial<VmDraft>) => draftStore.set({ ...draft, ...part });
  const submit = async () => {
    const isDone = await create(draft);
    if (!isDone) check.again();
  };
  const textOf = ({ text, values = {}, isVerbatim }: Problem) =>
    isVerbatim ? text : t(text, values);
  const warnings = isElsewhere(draft) ? [] : cost.warnings;
  const shown = [...check.problems, ...warnings].filter(
    (problem) => seen.has(problem.step) || problem.isMissing !== true,
  );
  const errorOf = (field: string) => {
    const found = shown.filter((problem) => problem.field === field);
    return found.length === 0 ? undefined : found.map(textOf).join('\n');
  };
  const index = steps.indexOf(step);
  const [before, after] = [steps[index - 1], steps[index + 1]];
  const isBlocked = check.problems.length > 0 || check.isChecking;
  const props = { draft, change, errorOf };
  return (
    <DropZone>
      <div className="vd-wizard">
        <StepList current={step} marks={marksOf(shown)} onChoose={go} />
        <div className="vd-wizard-step">
          <Title headingLevel="h2">{names[step]}</Title>
          <Form onSubmit={(event) => event.preventDefault()} noValidate className="vd-form">
            <DialogError error={error} />
            {draft.yaml !== undefined && step === 'source' ? (
              <ElsewhereNotice draft={draft} onGo={go} />
            ) : null}
            {isElsewhere(draft) && step !== 'review' && step !== 'source' ? (
              <ElsewhereNotice draft={draft} onGo={go} />
            ) : (
              stepOf(step, { props, sources, types, projects, check, warnings, textOf, go })
            )}
          </Form>
          <div className="vd-wizard-buttons">
            <Button
              isDisabled={isBlocked || isCreating}
              isLoading={isCreating}
              onClick={() => void submit()}
            >
              {t('Create')}
            </Button>
            {before ? (
              <Button variant="secondary" onClick={() => go(before)}>
                {t('Back')}
              </Button>
            ) : null}
            {after ? (
              <Button variant="secondary" onClick={() => go(after)}>
                {t('Next')}
              </Button>
            ) : null}
            <LinkButton draft={draft} />
            <TemplateButton draft={draft} isReady={!isBlocked} />
            <Button
              variant="link"
              onClick={() => {
                draftStore.set(undefined);
                void navigate(vmListHref(draft.namespace || undefined));
              }}
            >
              {t('Discard')}
            </Button>
            <span className="vd-hint" role="status">
              {check.isChecking ? t('The server is checking it') : null}
              {!check.isChecking && isBlocked && step !== 'review'
                ? t('{{count}} to mend', { count: check.problems.length })
                : null}
            </span>
          </div>
        </div>
        <Summary draft={draft} cost={cost} />
      </div>
    </DropZone>
  );
}

function marksOf(problems: readonly Problem[]): Partial<Record<Step, StepMark>> {
  const marks: Partial<Record<Step, StepMark>> = {};
  for (const { step, isWarning } of problems) {
    const { errors, warnings } = marks[step] ?? { errors: 0, warnings: 0 };
    marks[step] = isWarning ? { errors, warnings: warnings + 1 } : { errors: errors + 1, warnings };
  }
  return marks;
}

interface Context extends Pick<Props, 'projects' | 'sources' | 'types'> {
  props: Parameters<typeof NetworkStep>[0];
  check: ReturnType<typeof useDraftCheck>;
  warnings: readonly Problem[];
  textOf: (problem: Problem) => string;
  go: (step: Step) => void;
}

function stepOf(step: Step, context: Context) {
  const { props, projects, sources, types, check, warnings, textOf, go } = context;
  switch (step) {
    case 'source':
      return <SourceStep {...props} projects={projects} sources={sources} types={types} />;
    case 'compute':
      return (
        <ComputeStep {...props} types={types} recommended={recommendedOf(props.draft, sources)} />
      );
    case 'storage':
      return <StorageStep {...props} sources={sources} />;
    case 'network':
      return <NetworkStep {...props} />;
    case 'initialisation':
      return <InitialisationStep {...props} />;
    case 'scheduling':
      return <SchedulingStep {...props} />;
    case 'review':
      return <ReviewStep {...props} check={check} warnings={warnings} textOf={textOf} onGo={go} />;
  }
}

function recommendedOf({ disks }: VmDraft, { rows }: BootSources): string {
  const source = disks[0]?.source;
  if (source?.kind !== 'dataSource') return '';
  return rows.find(({ key }) => key === `${source.namespace}/${source.name}`)?.instancetype ?? '';
}

/** Whether not the form, but YAML, a copy or a template says what it will have. */
function isElsewhere({ yaml, copy, template }: VmDraft): boolean {
  return yaml !== undefined || copy !== undefined || template !== undefined;
}

function ElsewhereNotice({ draft, onGo }: { draft: VmDraft; onGo: (step: Step) => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { copy, template } = draft;
  return (
    <div>
      <p>
        {copy
          ? t('The virtual machine is a copy, and has what its source has.')
          : template
            ? t('The virtual machine is as the template has it, once it is taken over.')
            : t('The virtual machine is as the YAML has it.')}
      </p>
      <Button variant="link" isInline onClick={() => onGo(copy || template ? 'source' : 'review')}>
        {copy || template ? t('Go to the source') : t('Go to the YAML')}
      </Button>
    </div>
  );
}
