import { Fragment, useEffect } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { dialogNow, dialogsSubscribe } from './dialogs';

/** Shows the dialog of `dialogs.ts`. Each page of ours renders one; it is closed with the page. */
export function DialogHost() {
  const open = useSyncExternalStore(dialogsSubscribe, dialogNow, dialogNow);
  // Navigation: what was asked on one page is not asked on the next.
  useEffect(() => () => dialogNow()?.close(), []);
  return open ? <Fragment key={open.id}>{open.dialog(open.close)}</Fragment> : null;
}
