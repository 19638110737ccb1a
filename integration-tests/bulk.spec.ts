import { expect, listPath, messages, rowOf, test } from './fixtures.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';

test('many VMs are copied and deleted, with what is chosen of what belongs to them', async ({
  page,
  program,
  project,
}) => {
  const inProject = ['--namespace', project];
  for (const name of ['ash', 'yew']) {
    await createVm(program, { name, namespace: project, runStrategy: 'Halted' });
  }
  await page.goto(listPath(project));
  await expect(rowOf(page, 'yew')).toBeVisible();
  const choose = async (action: string) => {
    for (const name of ['ash', 'yew']) {
      await rowOf(page, name).getByRole('checkbox').check();
    }
    await page.getByRole('button', { name: 'Actions for 2 selected' }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };

  await test.step('snapshots are taken as a job', async () => {
    await choose('Take snapshot');
    const dialog = page.getByRole('dialog', { name: 'Take snapshots of 2 virtual machines' });
    await dialog.getByLabel('The names end with').fill('Before');
    await expect(dialog.getByLabel('The names end with')).toHaveAccessibleDescription(
      /Use small letters a to z, digits and hyphens./,
    );
    await dialog.getByLabel('The names end with').fill('before');
    await expect(dialog.getByText(`yew-before (${project})`)).toBeVisible();
    await dialog.getByRole('button', { name: 'Take snapshot', exact: true }).click();
    await expect(messages(page).getByText('Take snapshot: 2 of 2 done')).toBeVisible();
    await kubectl(program, [
      ...['wait', 'vmsnapshot/ash-before', 'vmsnapshot/yew-before', ...inProject],
      ...['--for', 'jsonpath={.status.readyToUse}=true', '--timeout', '60s'],
    ]);
    await page.getByRole('button', { name: 'Recent tasks' }).click();
    const task = page.getByRole('row').filter({ hasText: '2 virtual machines' });
    await expect(task).toHaveText(/Take snapshot.*Succeeded/);
  });

  await test.step('clones are made as a job', async () => {
    await choose('Clone');
    const dialog = page.getByRole('dialog', { name: 'Clone 2 virtual machines' });
    await dialog.getByRole('button', { name: 'Clone', exact: true }).click();
    // The tasks, which are open, have rows of the clones too.
    const list = page.getByRole('grid', { name: 'Virtual machines' });
    for (const name of ['ash-clone', 'yew-clone']) {
      await expect(list.getByRole('link', { name, exact: true })).toBeVisible();
      await waitForStatus(program, { name, namespace: project }, 'Stopped');
    }
  });

  await test.step('a task tells what happened', async () => {
    // Disks of the clones are made by the cluster itself.
    const task = page.getByRole('row').filter({ hasText: 'Make a disk' }).first();
    await task.getByRole('button', { name: 'Log' }).click();
    const log = page.getByRole('dialog', { name: 'Log of Make a disk' });
    await expect(log.getByRole('region', { name: 'Events' })).toContainText(
      'Successfully provisioned volume',
    );
    await log.getByRole('button', { name: 'Close', exact: true }).last().click();
  });

  await test.step('they are deleted with their snapshots, and their disks stay', async () => {
    await choose('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete 2 virtual machines?' });
    const protection = 'kubevirt.io/vm-delete-protection';
    await kubectl(program, ['label', 'vm', 'yew', `${protection}=True`, ...inProject]);
    await dialog.getByRole('checkbox', { name: '2 disks with everything on them' }).uncheck();
    const refused = dialog.getByText('The cluster would refuse this now for 1 of them');
    await expect(refused).toBeVisible();
    await kubectl(program, ['label', 'vm', 'yew', `${protection}-`, ...inProject]);
    await dialog.getByRole('checkbox', { name: '2 snapshots' }).check();
    await expect(refused).toBeHidden();
    await dialog.getByRole('button', { name: 'Show the command' }).click();
    const command = dialog.getByRole('textbox', { name: 'Show the command' });
    for (const part of [
      'kubectl patch datavolume yew-rootdisk',
      'kubectl delete virtualmachine ash',
      'kubectl delete virtualmachinesnapshot yew-before',
    ]) {
      await expect(
        command.or(dialog.locator('pre')).filter({ hasText: part }).first(),
      ).toBeVisible();
    }
    await expect(
      dialog.getByText(/^DELETE .*\/virtualmachinesnapshots\/ash-before$/m),
    ).toBeVisible();
    await dialog.getByLabel('Type 2 to confirm').fill('2');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(messages(page).getByText('Delete: 2 of 2 done')).toBeVisible();
    await expect(rowOf(page, 'ash')).toBeHidden();
    const left = (kinds: string) =>
      kubectl(program, ['get', kinds, '--output', 'name', ...inProject]);
    await expect.poll(() => left('vmsnapshot')).toBe('');
    const volumes = await left('datavolume');
    expect(volumes).toContain('ash-rootdisk');
    expect(volumes).toContain('yew-rootdisk');
  });
});
