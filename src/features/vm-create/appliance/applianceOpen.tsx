import { lazy } from 'react';

import { dialogOpen } from '~/ui/dialogs';

// Reading archives and their descriptions is for those who drop one.
const ApplianceModal = lazy(() =>
  import('./ApplianceModal').then((module) => ({ default: module.ApplianceModal })),
);

/** Opens the dialog that takes an OVA, or an OVF with its disks, over into the wizard's draft. */
export function applianceOpen(files: readonly File[]): void {
  dialogOpen((close) => <ApplianceModal files={files} onClose={close} />);
}
