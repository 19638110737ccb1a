import { type ComponentProps, lazy } from 'react';

import { dialogOpen } from '~/ui/dialogs';

// Each is needed only once it is opened.
const CloneDialog = lazy(() =>
  import('./CloneDialog').then((module) => ({ default: module.CloneDialog })),
);
const CopyDialog = lazy(() =>
  import('./CopyDialog').then((module) => ({ default: module.CopyDialog })),
);
const BulkDeleteDialog = lazy(() =>
  import('./BulkDeleteDialog').then((module) => ({ default: module.BulkDeleteDialog })),
);
const CommandsDialog = lazy(() =>
  import('./CommandsDialog').then((module) => ({ default: module.CommandsDialog })),
);
const ExportDialog = lazy(() =>
  import('./ExportDialog').then((module) => ({ default: module.ExportDialog })),
);
const MemoryDumpDialog = lazy(() =>
  import('./MemoryDumpDialog').then((module) => ({ default: module.MemoryDumpDialog })),
);

type Without<Props> = Omit<Props, 'onClose'>;

/** Asks how a VM, or a snapshot of one, is to be cloned. */
export function cloneOpen(props: Without<ComponentProps<typeof CloneDialog>>): void {
  dialogOpen((close) => <CloneDialog {...props} onClose={close} />);
}

/** Asks how copies of any number of VMs are to be called. */
export function copyOpen(props: Without<ComponentProps<typeof CopyDialog>>): void {
  dialogOpen((close) => <CopyDialog {...props} onClose={close} />);
}

/** Asks before many are deleted, and what goes with them. */
export function bulkDeleteOpen(props: Without<ComponentProps<typeof BulkDeleteDialog>>): void {
  dialogOpen((close) => <BulkDeleteDialog {...props} onClose={close} />);
}

/** Shows what can be done to a VM as commands and requests. */
export function commandsOpen(props: Without<ComponentProps<typeof CommandsDialog>>): void {
  dialogOpen((close) => <CommandsDialog {...props} onClose={close} />);
}

/** Offers disks for download. */
export function exportOpen(props: Without<ComponentProps<typeof ExportDialog>>): void {
  dialogOpen((close) => <ExportDialog {...props} onClose={close} />);
}

/** Asks where the memory of a guest is to be written to. */
export function memoryDumpOpen(props: Without<ComponentProps<typeof MemoryDumpDialog>>): void {
  dialogOpen((close) => <MemoryDumpDialog {...props} onClose={close} />);
}
