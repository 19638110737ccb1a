import type { RunStrategy } from '~/kubevirt/vmCan';

/** What a select offers; `label` is an i18n key. */
export type SelectOption = { value: string; label: string };

export const runStrategyOptions: readonly (SelectOption & { value: RunStrategy })[] = [
  { value: 'Always', label: 'Always: it is started again whenever it ends' },
  { value: 'RerunOnFailure', label: 'RerunOnFailure: it is started again when it fails' },
  { value: 'Manual', label: 'Manual: it is started and stopped by users only' },
  { value: 'Halted', label: 'Halted: it does not run' },
  { value: 'Once', label: 'Once: it runs to its end and no more' },
];

export const firmwareOptions: readonly SelectOption[] = [
  { value: 'BIOS', label: 'BIOS' },
  { value: 'UEFI', label: 'UEFI' },
  { value: 'SecureBoot', label: 'UEFI with Secure Boot' },
];

export const evictionOptions: readonly SelectOption[] = [
  { value: '', label: 'As the cluster has it' },
  { value: 'LiveMigrate', label: 'LiveMigrate: it moves; the node waits when it cannot' },
  { value: 'LiveMigrateIfPossible', label: 'LiveMigrateIfPossible: it moves, or else stops' },
  { value: 'None', label: 'None: it stops' },
  { value: 'External', label: 'External: another controller sees to it' },
];

export const watchdogOptions: readonly SelectOption[] = [
  { value: '', label: 'No watchdog' },
  { value: 'reset', label: 'Reset when the guest hangs' },
  { value: 'poweroff', label: 'Power off when the guest hangs' },
  { value: 'shutdown', label: 'Shut down when the guest hangs' },
];
