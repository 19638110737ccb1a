import type { Page } from '@playwright/test';

import { expect } from './fixtures.ts';

/** Opens the wizard in a project; the micro image is chosen in it. */
export async function openWizard(page: Page, project: string): Promise<void> {
  await page.goto(`/virtdeck/create-vm?project=${project}`);
  await expect(page.getByRole('radio', { name: /^Micro Linux/ })).toBeChecked();
}

/** Goes to a step by its name. */
export async function goTo(page: Page, step: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Steps' }).getByText(step).click();
  await expect(page.getByRole('heading', { name: step, level: 2 })).toBeVisible();
}
