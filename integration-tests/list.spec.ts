import { readFile } from 'node:fs/promises';

import { expect, listPath, messages, rowOf, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

test('VMs are searched for, chosen together and acted on as a job', async ({
  page,
  program,
  project,
}) => {
  for (const name of ['oak', 'elm', 'fir']) {
    await createVm(program, { name, namespace: project, runStrategy: 'Halted' });
  }
  await page.goto(listPath(project));
  const search = page.getByRole('combobox', { name: 'Search' });

  await test.step('the search completes, and becomes a chip and a part of the URL', async () => {
    await page.keyboard.press('/');
    await search.pressSequentially('-name:e');
    await expect(rowOf(page, 'oak')).toBeVisible();
    await expect(rowOf(page, 'elm')).toBeHidden();
    await page.getByRole('option', { name: /^elm/ }).click();
    await expect(page.getByRole('status').getByText('2 of 3')).toBeVisible();
    await expect(page).toHaveURL(/q=-name%3Aelm/);
    await page.reload();
    await expect(rowOf(page, 'fir')).toBeVisible();
    await expect(rowOf(page, 'elm')).toBeHidden();
    await page.getByRole('button', { name: 'Remove -name:elm' }).click();
    await expect(rowOf(page, 'elm')).toBeVisible();
  });

  await test.step('what is typed wrongly is told', async () => {
    await search.fill('cpu>many');
    await expect(page.getByText('Try cpu>=4.')).toBeVisible();
    await search.fill('');
  });

  await test.step('a range is chosen with the keyboard', async () => {
    await rowOf(page, 'elm').focus();
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByRole('button', { name: 'Actions for 2 selected' })).toBeEnabled();
    await page.keyboard.press('Control+a');
  });

  await test.step('a job names whom it leaves out, and is seen among the tasks', async () => {
    await kubectl(program, [
      'label',
      'vm',
      'oak',
      '-n',
      project,
      'kubevirt.io/vm-delete-protection=True',
    ]);
    await page.getByRole('button', { name: 'Actions for 3 selected' }).click();
    await page.getByRole('menuitem', { name: 'Start', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Start: 3 virtual machines' });
    await dialog.getByRole('button', { name: 'Show the command' }).click();
    await expect(dialog.getByText(`virtctl start fir --namespace ${project}`)).toBeVisible();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(messages(page).getByText('Start: 3 of 3 done')).toBeVisible();
    for (const name of ['oak', 'elm', 'fir']) {
      await expect(rowOf(page, name).getByText('Running', { exact: true })).toBeVisible();
    }
    await page.getByRole('button', { name: 'Recent tasks' }).click();
    const tasks = page.getByRole('grid', { name: 'Recent tasks' });
    await expect(
      tasks.getByRole('row', { name: /Start 3 virtual machines Succeeded/ }),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Recent tasks' }).click();
  });

  await test.step('many are stopped by force', async () => {
    await page.getByRole('checkbox', { name: 'Select all 3 that match' }).click();
    await page.getByRole('button', { name: 'Actions for 3 selected' }).click();
    await page.getByRole('menuitem', { name: 'Force stop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Force stop: 3 virtual machines' });
    await dialog.getByRole('button', { name: 'Force stop', exact: true }).click();
    await expect(messages(page).getByText('Force stop: 3 of 3 done')).toBeVisible();
    for (const name of ['oak', 'elm', 'fir']) {
      await expect(rowOf(page, name).getByText('Stopped', { exact: true })).toBeVisible();
    }
  });

  await test.step('many are deleted by typing their number, without the protected one', async () => {
    await page.getByRole('checkbox', { name: 'Select all 3 that match' }).click();
    await page.getByRole('button', { name: 'Actions for 3 selected' }).click();
    await page.getByRole('menuitem', { name: 'Delete (2)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 2 virtual machines?' });
    await expect(dialog.getByRole('button', { name: 'Delete', exact: true })).toBeDisabled();
    await dialog.getByRole('checkbox', { name: '2 disks with everything on them' }).uncheck();
    await dialog.getByRole('textbox').fill('2');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(rowOf(page, 'elm')).toBeHidden();
    await expect(rowOf(page, 'oak')).toBeVisible();
    const disks = ['get', 'dv', '-n', project, '-o', 'jsonpath={.items[*].metadata.name}'];
    await expect
      .poll(async () => (await kubectl(program, disks)).split(' ').sort())
      .toEqual(['elm-rootdisk', 'fir-rootdisk', 'oak-rootdisk']);
  });
});

test('columns are chosen, stay, and are a part of the URL', async ({
  page,
  browser,
  program,
  project,
}) => {
  await createVm(program, { name: 'ash', namespace: project, runStrategy: 'Halted' });
  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Manage columns' }).click();
  const dialog = page.getByRole('dialog', { name: 'Manage columns' });
  await dialog.getByRole('checkbox', { name: 'Storage class' }).check();
  await dialog.getByRole('checkbox', { name: 'Created' }).uncheck();
  await dialog.getByRole('button', { name: 'Move Storage class up' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(rowOf(page, 'ash').getByText('hostpath-virtualization')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Storage class' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Created' })).toBeHidden();
  const edge = page.getByRole('separator', { name: 'Width of Name' });
  const before = Number(await edge.getAttribute('aria-valuenow'));
  await edge.press('ArrowRight');
  await page.reload();
  await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).not.toBe(before);

  await test.step('whoever gets the link sees the same columns', async () => {
    await expect(page).toHaveURL(/columns=name,status.*storageclass.*&widths=/);
    const other = await browser.newContext({
      storageState: { cookies: await page.context().cookies(), origins: [] },
    });
    const theirs = await other.newPage();
    await theirs.goto(page.url());
    await expect(theirs.getByRole('columnheader', { name: 'Storage class' })).toBeVisible();
    await expect(theirs.getByRole('columnheader', { name: 'Created' })).toBeHidden();
    const width = await edge.getAttribute('aria-valuenow');
    await expect(theirs.getByRole('separator', { name: 'Width of Name' })).toHaveAttribute(
      'aria-valuenow',
      width ?? '',
    );
    await other.close();
  });

  await test.step('the default comes back, and leaves the URL but for the widths', async () => {
    await page.getByRole('button', { name: 'Manage columns' }).click();
    await dialog.getByRole('button', { name: 'Restore default columns' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('columnheader', { name: 'Created' })).toBeVisible();
    await expect(page).not.toHaveURL(/columns=/);
  });
});

test('groups stand at the side, a search is saved, and what is shown is exported', async ({
  page,
  program,
  project,
}) => {
  for (const name of ['oak', 'elm', 'fir']) {
    await createVm(program, { name, namespace: project, runStrategy: 'Halted' });
  }
  const group = 'vm.openshift.io/folder=trees';
  await kubectl(program, ['label', 'vm', 'oak', 'elm', group, '--namespace', project]);
  await page.goto(listPath(project));

  await test.step('the tree narrows the list', async () => {
    await page.getByRole('button', { name: 'Show projects' }).click();
    const tree = page.getByRole('tree', { name: 'Projects and groups' });
    await expect(tree.getByRole('treeitem', { name: project })).toBeVisible();
    await tree.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { name: 'trees' }).click();
    await expect(rowOf(page, 'fir')).toBeHidden();
    await expect(page).toHaveURL(/group=trees/);
  });

  await test.step('a filter counts what it would show', async () => {
    await page
      .getByLabel('Search and filters')
      .getByRole('button', { name: 'Status', exact: true })
      .click();
    await expect(page.getByRole('checkbox', { name: /^Stopped ?2/ })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('the list is exported as it is shown', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toContain('Name,Status,Node');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['elm', 'oak']);
  });

  await test.step('a search is saved and had again, also after a reload', async () => {
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('menuitem', { name: 'Save this search' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this search' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Trees');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(rowOf(page, 'fir')).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('menuitem', { name: 'Trees', exact: true }).click();
    await expect(rowOf(page, 'fir')).toBeHidden();
    await expect(rowOf(page, 'oak')).toBeVisible();
  });
});
