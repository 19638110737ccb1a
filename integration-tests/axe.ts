import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';

/** Colours that are still on their way have no contrast of their own. What turns for ever is left out. */
async function colorsSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

export type Theme = 'light' | 'dark';

interface Look {
  /** Selector of the part that is new, where the rest was looked at before. */
  within?: string;
  /** Rules of axe that do not fit here. */
  except?: readonly string[];
  themes?: readonly Theme[] | undefined;
}

/**
 * Fails the test for every fault that axe finds in what the page shows now, and goes on. All rules are
 * asked in light; in dark only that of colours, as nothing else changes with the theme.
 */
export async function expectAccessible(page: Page, what: string, look: Look = {}): Promise<void> {
  await test.step(what, async () => {
    for (const colorScheme of look.themes ?? (['light', 'dark'] as const)) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForFunction(
        (scheme) => getComputedStyle(document.documentElement).colorScheme.includes(scheme),
        colorScheme,
      );
      await colorsSettled(page);
      // No page has frames: the legacy mode is the same, without a second page for each look.
      const builder = new AxeBuilder({ page }).setLegacyMode(true);
      if (look.within !== undefined) builder.include(look.within);
      if (colorScheme === 'dark') builder.withRules('color-contrast');
      else builder.disableRules([...(look.except ?? [])]);
      const { violations } = await builder.analyze();
      const found = violations.map(({ id, help, nodes }) => ({
        id,
        help,
        where: nodes.map(({ target }) => target.join(' ')),
      }));
      expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
    }
  });
}

/** A dialog that has opened: its faults, and that the keyboard is where it is needed. */
export async function expectGoodDialog(
  page: Page,
  dialog: Locator,
  what: string,
  themes?: readonly Theme[],
): Promise<void> {
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('progressbar')).toHaveCount(0);
  const focus = dialog.locator(':focus');
  await expect(focus, `${what} has the focus`).toHaveCount(1);
  // The first field, and where there is none a button of what is asked.
  await expect
    .soft(focus.and(dialog.getByRole('button', { name: 'Close', exact: true })), what)
    .toHaveCount(0);
  await expectAccessible(page, what, { within: '[role=dialog]', themes });
}
