import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { endGuests, expect, listPath, rowOf, test as base, vmPath } from './fixtures.ts';
import { createVm, kubectl, waitForAgent } from './kubectl.ts';
import { Program } from './program.ts';

/** The project in which the local cluster's developer has rights. */
const namespace = 'development';
const name = 'bench';

interface Fixtures {
  /** Opens the console as the user of a context of the cluster's kubeconfig, at its first page. */
  openAs: (context: string) => Promise<string>;
  /** A VM in that project; every test here has it. */
  vm: string;
}

// A second program is started for each user.
base.setTimeout(300_000);

const test = base.extend<Fixtures>({
  openAs: async ({ page, program }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'virtdeck-roles-'));
    const opened: Program[] = [];
    await use(async (context) => {
      const other = new Program(folder, [
        ...['--kubeconfig', program.kubeconfig, '--context', context],
      ]);
      opened.push(other);
      await other.start();
      await page.goto(other.url);
      return other.origin;
    });
    for (const other of opened) await other.dispose();
    rmSync(folder, { recursive: true, force: true });
  },
  vm: [
    async ({ program }, use) => {
      await createVm(program, { name, namespace });
      await use(name);
      await endGuests(program, namespace);
      await kubectl(program, ['delete', 'vm', name, '--namespace', namespace, '--timeout', '60s']);
    },
    { auto: true },
  ],
});

async function expectDenied(page: Page, actions: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  for (const action of actions) {
    const item = page.getByRole('menuitem', { name: new RegExp(`^${action}`) });
    await expect(item).toBeDisabled();
    await expect(item).toContainText(`You are not allowed to do this in project ${namespace}.`);
  }
  await page.keyboard.press('Escape');
}

test('a developer begins in their project and works there', async ({ page, program, openAs }) => {
  const origin = await openAs('developer');
  await expect(page).toHaveURL(new RegExp(`${listPath(namespace)}$`));
  await expect(rowOf(page, name).getByText('Running', { exact: true })).toBeVisible();

  await test.step('other projects can be named, and say what is missing', async () => {
    await page.getByRole('button', { name: `Project: ${namespace}` }).click();
    await expect(page.getByRole('button', { name: 'Create project' })).toBeDisabled();
    await page.getByRole('textbox', { name: 'Find a project' }).fill('kubevirt');
    await page.getByRole('option', { name: 'Use project kubevirt' }).click();
    const reason = 'cannot list resource "virtualmachines" in API group "kubevirt.io"';
    await expect(page.getByText(reason)).toBeVisible();
    await page.getByRole('button', { name: 'Project: kubevirt' }).click();
    await page.getByRole('option', { name: namespace, exact: true }).click();
  });

  await test.step('what only administrators may do says so', async () => {
    await expectDenied(page, ['Migrate']);
  });

  await test.step('what its guest uses is theirs to see', async () => {
    await page.goto(origin + vmPath(namespace, name, 'metrics'));
    const chart = page.getByRole('img', { name: /^Memory use: .*Total 160 MiB/ });
    // The guest is asked every 15 s, and the chart is drawn anew as often.
    await expect(chart).toBeVisible({ timeout: 90_000 });
    await page.goto(origin + listPath(namespace));
    await page.getByRole('button', { name: 'Manage columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Manage columns' });
    await dialog.getByRole('checkbox', { name: 'Memory use' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(rowOf(page, name).locator('[data-label="Memory use"]')).toContainText('MiB');
  });

  await test.step('the rest can be done', async () => {
    await waitForAgent(program, { name, namespace });
    await rowOf(page, name).getByRole('link', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeEnabled();
  });
});

test('a viewer sees everything and is told why nothing can be changed', async ({
  page,
  openAs,
}) => {
  const origin = await openAs('viewer');
  await expect(page).toHaveURL(new RegExp(`${listPath()}$`));
  await expect(rowOf(page, name).getByText('Running', { exact: true })).toBeVisible();
  await expectDenied(page, ['Stop', 'Restart', 'Migrate', 'Edit labels', 'Delete']);
  await rowOf(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Actions for 1 selected' }).click();
  for (const action of ['Stop', 'Take snapshot', 'Edit labels', 'Delete']) {
    const item = page.getByRole('menuitem', { name: new RegExp(`^${action}`) });
    await expect(item).toBeDisabled();
    await expect(item).toContainText(`You are not allowed to do this in project ${namespace}.`);
  }
  await page.keyboard.press('Escape');

  await rowOf(page, name).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeDisabled();
  await expect(page.getByText('You are not allowed to see pictures of the screen.')).toBeVisible();
  await page.goto(origin + vmPath(namespace, name, 'console'));
  await expect(page.getByRole('heading', { name: 'You are not allowed to do this' })).toBeVisible();
  await expect(page.getByText('cannot get resource "virtualmachineinstances/vnc"')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Watch only' })).toBeHidden();

  await page.getByRole('button', { name: 'SSH', exact: true }).click();
  await expect(page.getByText('You may not forward ports of virtual machines')).toBeVisible();
  await page.goto(`${origin}${listPath(namespace)}?view=screens`);
  const tile = page.getByRole('list', { name: 'Screens' }).getByRole('listitem');
  await expect(
    tile.getByText('You are not allowed to see pictures of the screen.').first(),
  ).toBeVisible();
});
