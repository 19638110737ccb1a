import { gzipSync } from 'node:zlib';

import type { Page } from '@playwright/test';

/** Counts the scripts of the plugin that a page loads from now on; gives their bytes after gzip once it has them. */
export function pluginScripts(page: Page): () => Promise<number> {
  const scripts = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/plugins/') || !pathname.endsWith('.js')) return;
    scripts.set(
      pathname,
      response.body().then((body) => gzipSync(body).length),
    );
  });
  return async () => {
    const sizes = await Promise.all(scripts.values());
    return sizes.reduce((sum, size) => sum + size, 0);
  };
}
