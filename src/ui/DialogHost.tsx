import { Suspense, useEffect } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { dialogNow, dialogsSubscribe } from './dialogs';

/**
 * Shows the dialog of `dialogs.ts`. Each page of ours renders one; it is closed with the page. A dialog
 * may be lazy: nothing is shown until it is there.
 */
export function DialogHost() {
  const open = useSyncExternalStore(dialogsSubscribe, dialogNow, dialogNow);
  // Navigation: what was asked on one page is not asked on the next.
  useEffect(() => () => dialogNow()?.close(), []);
  if (!open) return null;
  return (
    <Suspense key={open.id} fallback={null}>
      {open.dialog(open.close)}
    </Suspense>
  );
}
