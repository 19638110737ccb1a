import { basename } from 'node:path';

import type { Locator } from '@playwright/test';

/** Drops files of this computer on a place of the page, as if somebody had dragged them there. */
export async function dropFiles(target: Locator, paths: readonly string[]): Promise<void> {
  const page = target.page();
  const files = new Map(paths.map((path) => [basename(path), path]));
  const served = '**/files-to-drop/*';
  await page.route(served, (route) =>
    route.fulfill({ path: files.get(basename(route.request().url())) ?? '' }),
  );
  const dataTransfer = await page.evaluateHandle(
    async (names) => {
      const transfer = new DataTransfer();
      for (const name of names) {
        const content = await (await fetch(`/files-to-drop/${name}`)).blob();
        transfer.items.add(new File([content], name));
      }
      return transfer;
    },
    [...files.keys()],
  );
  await page.unroute(served);
  await target.dispatchEvent('drop', { dataTransfer });
}
