import { useTranslation } from 'react-i18next';

/** What can be done at once or after a question, to one VM or to many. */
export const powerActions = [
  'start',
  'startPaused',
  'stop',
  'restart',
  'pause',
  'unpause',
  'softReboot',
  'reset',
  'forceStop',
  'migrate',
  'cancelMigration',
] as const;
export type PowerAction = (typeof powerActions)[number];

interface Texts {
  label: string;
  /** What happens to whom, asked before; undefined when it is done at once. */
  question?: string;
  isDanger?: boolean;
  /** Of one VM. */
  title: (name: string) => string;
  done: (name: string) => string;
  failed: (name: string) => string;
}

/** The words for each action. */
export function useActionTexts(): Record<PowerAction, Texts> {
  const { t } = useTranslation('plugin__virtdeck');
  const failed = (label: string) => (name: string) =>
    t('{{action}}: {{name}} refused', { action: label, name });
  const texts = (label: string, more: Omit<Texts, 'label' | 'failed'>): Texts => ({
    label,
    failed: failed(label),
    ...more,
  });
  return {
    start: {
      label: t('Start'),
      title: (name) => t('Start {{name}}?', { name }),
      done: (name) => t('Starting {{name}}', { name }),
      failed: (name) => t('{{name}} could not be started', { name }),
    },
    startPaused: texts(t('Start paused'), {
      title: (name) => t('Start {{name}} paused?', { name }),
      done: (name) => t('Starting {{name}} paused', { name }),
    }),
    stop: texts(t('Stop'), {
      question: t('Its guest is asked to shut down. What it serves will not be available.'),
      title: (name) => t('Stop {{name}}?', { name }),
      done: (name) => t('Stopping {{name}}', { name }),
    }),
    restart: texts(t('Restart'), {
      question: t('Its guest is asked to shut down and is then started again.'),
      title: (name) => t('Restart {{name}}?', { name }),
      done: (name) => t('Restarting {{name}}', { name }),
    }),
    pause: {
      label: t('Pause'),
      title: (name) => t('Pause {{name}}?', { name }),
      done: (name) => t('Paused {{name}}', { name }),
      failed: (name) => t('{{name}} could not be paused', { name }),
    },
    unpause: {
      label: t('Unpause'),
      title: (name) => t('Unpause {{name}}?', { name }),
      done: (name) => t('Unpaused {{name}}', { name }),
      failed: (name) => t('{{name}} could not be unpaused', { name }),
    },
    softReboot: texts(t('Soft reboot'), {
      question: t('Its guest is asked to reboot. The virtual machine stays the same.'),
      title: (name) => t('Reboot {{name}}?', { name }),
      done: (name) => t('Rebooting {{name}}', { name }),
    }),
    reset: texts(t('Reset'), {
      question: t('This is the reset button: the guest is not asked and may lose data.'),
      isDanger: true,
      title: (name) => t('Reset {{name}}?', { name }),
      done: (name) => t('Reset {{name}}', { name }),
    }),
    forceStop: texts(t('Force stop'), {
      question: t('This pulls the plug: the guest is not asked and may lose data.'),
      isDanger: true,
      title: (name) => t('Force {{name}} to stop?', { name }),
      done: (name) => t('Stopping {{name}} by force', { name }),
    }),
    migrate: texts(t('Migrate'), {
      question: t('It moves to another node while it runs.'),
      title: (name) => t('Migrate {{name}}?', { name }),
      done: (name) => t('Migrating {{name}}', { name }),
    }),
    cancelMigration: texts(t('Cancel migration'), {
      question: t('It stays on its node.'),
      title: (name) => t('Cancel the migration of {{name}}?', { name }),
      done: (name) => t('Cancelling the migration of {{name}}', { name }),
    }),
  };
}
