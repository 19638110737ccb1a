import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { expect, listPath, test } from './fixtures.ts';
import { createVm } from './kubectl.ts';
import { Program } from './program.ts';
import { screenOf, waitForLogin } from './screen.ts';

function tileOf(page: Page, name: string): Locator {
  return page
    .getByRole('list', { name: 'Screens' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name: `Open the console of ${name}` }) });
}

function widthOf(picture: Locator): Promise<number> {
  return picture.evaluate((image: HTMLImageElement) => image.naturalWidth);
}

/** How many pictures were asked for, and how many of them at the same time at most. */
function countPictures(page: Page): { all: number; most: number } {
  const count = { all: 0, most: 0 };
  let open = 0;
  const isPicture = (url: string) => url.includes('/vnc/screenshot');
  page.on('request', (request) => {
    if (!isPicture(request.url())) return;
    open += 1;
    count.all += 1;
    count.most = Math.max(count.most, open);
  });
  const end = (request: { url: () => string }) => {
    if (isPicture(request.url())) open -= 1;
  };
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  return count;
}

test('the list shows screens, and takes none from its viewer', async ({
  page,
  context,
  program,
  project,
}) => {
  await page.goto(`${listPath(project)}?view=screens`);
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();

  await createVm(program, { name: 'north', namespace: project });
  await createVm(program, { name: 'south', namespace: project });
  await createVm(program, { name: 'spare', namespace: project, runStrategy: 'Halted' });
  const viewer = await context.newPage();
  await viewer.goto(`${listPath(project)}/north/console`);
  await waitForLogin(screenOf(viewer, 'north'));

  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Screens' }).click();
  await expect(page).toHaveURL(/view=screens/);
  for (const name of ['north', 'south']) {
    const picture = tileOf(page, name).getByRole('img', { name: `Screen of ${name}` });
    await expect.poll(() => widthOf(picture)).toBe(720);
  }
  await expect(tileOf(page, 'spare').getByText('Stopped')).toBeVisible();
  await expect(tileOf(page, 'spare').getByRole('img')).toHaveCount(0);
  await expect(screenOf(viewer, 'north')).toBeVisible();

  await test.step('a picture follows its screen', async () => {
    const picture = tileOf(page, 'north').getByRole('img');
    const before = await picture.getAttribute('src');
    await screenOf(viewer, 'north').focus();
    await viewer.keyboard.type('root', { delay: 30 });
    await page.bringToFront();
    await expect(picture).not.toHaveAttribute('src', before ?? '');
  });

  await test.step('search and filters are those of the list', async () => {
    await page.getByRole('combobox', { name: 'Search' }).fill('status:stopped');
    await expect(tileOf(page, 'north')).toHaveCount(0);
    await expect(tileOf(page, 'spare')).toBeVisible();
    await page.getByRole('combobox', { name: 'Search' }).fill('south');
    await expect(tileOf(page, 'south')).toBeVisible();
    await expect(tileOf(page, 'spare')).toHaveCount(0);
  });

  await test.step('a screen leads to its console, and Back to the wall', async () => {
    await tileOf(page, 'south').getByRole('link').press('Enter');
    await waitForLogin(screenOf(page, 'south'));
    await page.goBack();
    await expect(tileOf(page, 'south')).toBeVisible();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await expect(page.getByRole('row').filter({ hasText: 'south' })).toBeVisible();
  });
});

test('ten thousand screens are asked for only where somebody looks', async ({ page, context }) => {
  test.setTimeout(600_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'virtdeck-wall-'));
  const many = new Program(dataDir, ['--runtime', 'simulated', '--seed-vms', '10000']);
  try {
    await many.start();
    await page.goto(many.url);
    const pictures = countPictures(page);
    await page.goto(`${many.origin}${listPath()}?view=screens`);
    const tiles = page.getByRole('list', { name: 'Screens' }).getByRole('listitem');
    await expect(tiles.first()).toHaveAttribute('aria-setsize', '10000', {
      timeout: 300_000,
    });
    // Simulated guests have no screen, and say so.
    await expect(tiles.getByText('A simulated guest has no screen').first()).toBeVisible();
    expect(await tiles.count()).toBeLessThan(60);

    const devtools = await context.newCDPSession(page);
    const megabytes = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1e6;
    };
    const before = await megabytes();
    for (const part of [0.2, 0.4, 0.6, 0.8, 1]) {
      await page.locator('.vd-wall').evaluate((wall, to) => {
        wall.scrollTo(0, wall.scrollHeight * to);
      }, part);
      const told = tiles.filter({ hasText: 'A simulated guest has no screen' });
      const place = async () => Number(await told.last().getAttribute('aria-posinset'));
      await expect.poll(place).toBeGreaterThan(part * 9000);
      expect(await tiles.count()).toBeLessThan(60);
    }
    await expect(tiles.last()).toHaveAttribute('aria-posinset', '10000');
    await expect(tiles.last().getByText('A simulated guest has no screen')).toBeVisible();
    // What was looked at is not kept.
    expect(await megabytes()).toBeLessThan(before + 20);
    expect(pictures.most).toBeLessThanOrEqual(4);
    expect(pictures.all).toBeLessThan(400);
  } finally {
    await many.dispose();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
