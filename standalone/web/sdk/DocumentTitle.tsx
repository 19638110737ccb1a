import { useEffect } from 'react';

/** Sets the title of the browser's tab. */
export function DocumentTitle({ children }: { children?: string }) {
  // The title lives outside React.
  useEffect(() => {
    document.title = children ? `${children} · virtdeck` : 'virtdeck';
  }, [children]);
  return null;
}
