import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';

import { type Step, steps } from '~/kubevirt/create/draftProblems';

import { useStepNames } from './useStepNames';

/** How many problems are known of a step. */
export interface StepMark {
  errors: number;
  /** What does not keep it from being created. */
  warnings: number;
}

interface Props {
  current: Step;
  /** Of each step that was seen. */
  marks: Readonly<Partial<Record<Step, StepMark>>>;
  onChoose: (step: Step) => void;
}

/** The steps, each free to visit; those with something to mend say so. */
export function StepList({ current, marks, onChoose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const names = useStepNames();
  return (
    <nav aria-label={t('Steps')} className="vd-steps">
      <ol>
        {steps.map((step, index) => {
          const { errors: count = 0, warnings = 0 } = marks[step] ?? {};
          return (
            <li key={step}>
              <button
                type="button"
                className="vd-step"
                aria-current={step === current ? 'step' : undefined}
                onClick={() => onChoose(step)}
              >
                <span className="vd-step-number" aria-hidden>
                  {index + 1}
                </span>
                <span>{names[step]}</span>
                {count > 0 ? (
                  <span className="vd-tone-danger">
                    <ExclamationCircleIcon className="vd-tone-icon" />
                    <span className="vd-visually-hidden">{t('{{count}} to mend', { count })}</span>
                  </span>
                ) : warnings > 0 ? (
                  <span className="vd-tone-warning">
                    <ExclamationTriangleIcon className="vd-tone-icon" />
                    <span className="vd-visually-hidden">{t('beyond a limit')}</span>
                  </span>
                ) : null}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
