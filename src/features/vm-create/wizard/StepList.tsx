import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { useTranslation } from 'react-i18next';

import { type Step, steps } from '~/kubevirt/create/draftProblems';

import { useStepNames } from './useStepNames';

interface Props {
  current: Step;
  /** How many problems are known of each step that was seen. */
  counts: Readonly<Partial<Record<Step, number>>>;
  onChoose: (step: Step) => void;
}

/** The steps, each free to visit; those with something to mend say so. */
export function StepList({ current, counts, onChoose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const names = useStepNames();
  return (
    <nav aria-label={t('Steps')} className="vd-steps">
      <ol>
        {steps.map((step, index) => {
          const count = counts[step] ?? 0;
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
                ) : null}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
