import type { ServerFlags } from '../server/indexPage.ts';

declare global {
  interface Window {
    SERVER_FLAGS?: ServerFlags;
  }
}

/** What the server wrote into the page. */
export function serverFlags(): ServerFlags {
  const flags = window.SERVER_FLAGS;
  if (!flags) throw new Error('The page came without the settings of its server. Reload it.');
  return flags;
}
