import { confirm, expect, listPath, messages, rowOf, takeAction, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { screenOf } from './screen.ts';

test('an instance without a virtual machine is found, used and deleted', async ({
  page,
  program,
  project,
}) => {
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'alone', namespace: project },
    spec: {
      // Without a system nobody hears the power button.
      terminationGracePeriodSeconds: 0,
      domain: { devices: {}, memory: { guest: '64Mi' } },
    },
  });
  await page.goto(listPath(project));
  await expect(page.getByText('1 instance runs without a virtual machine.')).toBeVisible();
  await page.getByRole('link', { name: 'Show them' }).click();
  await expect(rowOf(page, 'alone')).toContainText('Running');
  await page.getByRole('link', { name: 'alone', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'alone', exact: true })).toBeVisible();

  await page.getByRole('tab', { name: 'Console' }).click();
  await expect(screenOf(page, 'alone')).toBeVisible();
  await takeAction(page, 'alone', 'Pause');
  await expect(messages(page).getByText('Paused alone')).toBeVisible();
  await takeAction(page, 'alone', 'Unpause');
  await expect(messages(page).getByText('Unpaused alone')).toBeVisible();

  await takeAction(page, 'alone', 'Show commands');
  const commands = page.getByRole('dialog', { name: 'Commands for alone' });
  await expect(commands.getByRole('textbox', { name: 'Command: Pause' })).toHaveValue(
    `virtctl pause vmi alone --namespace ${project}`,
  );
  await commands.getByRole('button', { name: 'Close' }).last().click();

  await takeAction(page, 'alone', 'Delete');
  await confirm(page, 'Delete alone?', 'Delete');
  await expect(page.getByRole('heading', { name: 'There are none' })).toBeVisible();
});

test('labels and protection of several are changed as one job', async ({
  page,
  program,
  project,
}) => {
  for (const name of ['oak', 'elm']) {
    await createVm(program, { name, namespace: project, runStrategy: 'Halted' });
  }
  const labels = () =>
    kubectl(program, [
      ...['get', 'vm', '--namespace', project],
      ...['--output', 'jsonpath={.items[*].metadata.labels}'],
    ]);
  const takeForAll = async (action: string) => {
    await page.getByRole('checkbox', { name: /^Select all/ }).click();
    await page.getByRole('button', { name: 'Actions for 2 selected' }).click();
    await page.getByRole('menuitem', { name: action }).click();
    return page.getByRole('dialog', { name: action });
  };
  await page.goto(listPath(project));
  const edit = await takeForAll('Edit labels and annotations');
  await edit.getByRole('textbox', { name: 'Set labels' }).fill('team=red');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(messages(page).getByText('Edit labels and annotations: 2 of 2 done')).toBeVisible();
  expect(await labels()).toBe('{"team":"red"} {"team":"red"}');

  const protection = await takeForAll('Deletion protection');
  await protection.getByRole('button', { name: 'Save' }).click();
  await expect(messages(page).getByText('Deletion protection: 2 of 2 done')).toBeVisible();
  await page.getByRole('button', { name: 'Actions for oak' }).click();
  await expect(page.getByText(/It is protected/).first()).toBeVisible();
});
