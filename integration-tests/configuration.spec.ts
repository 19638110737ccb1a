import { expect, listPath, messages, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

test('a VM is changed where it stands, without losing what others change', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'forms', namespace: project, runStrategy: 'Halted' });
  const get = (path: string) =>
    kubectl(program, ['get', 'vm', 'forms', '-n', project, '-o', `jsonpath={${path}}`]);
  const patch = (change: object) =>
    kubectl(program, [
      ...['patch', 'vm', 'forms', '-n', project, '--type', 'merge'],
      ...['-p', JSON.stringify(change)],
    ]);
  const tab = (name: string) => page.goto(`${listPath(project)}/forms/${name}`);

  await test.step('changes of others elsewhere are joined', async () => {
    await tab('configuration');
    await page.getByRole('button', { name: 'Edit Description' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('The shop');
    await patch({ metadata: { annotations: { theirs: 'kept' } } });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(messages(page).getByText('Saved: Description')).toBeVisible();
    expect(await get('.metadata.annotations.description')).toBe('The shop');
    expect(await get('.metadata.annotations.theirs')).toBe('kept');
  });

  await test.step('the same place changed by both is for the user to decide', async () => {
    await page.getByRole('button', { name: 'Edit Host name' }).click();
    await page.getByRole('textbox', { name: 'Host name' }).fill('mine');
    await patch({ spec: { template: { spec: { hostname: 'theirs' } } } });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Somebody else has changed the same')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Conflicts' })).toContainText('theirs');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect(messages(page).getByText('Saved: Host name')).toBeVisible();
    expect(await get('.spec.template.spec.hostname')).toBe('mine');
  });

  await test.step('a switch is saved at once', async () => {
    await page.getByRole('switch', { name: 'Deletion protection' }).press('Space');
    await expect.poll(() => get('.metadata.labels')).toContain('vm-delete-protection');
  });

  await test.step('a refusal of the server is shown in the dialog', async () => {
    await page.getByRole('button', { name: 'Edit Host name' }).click();
    await page.getByRole('textbox', { name: 'Host name' }).fill('Not a name');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('dialog').getByText(/admission webhook/)).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('YAML is checked and reviewed before it is saved', async () => {
    await tab('yaml');
    await page.getByRole('button', { name: 'Edit YAML' }).click();
    const editor = page.getByRole('textbox', { name: 'YAML of forms' });
    const text = await editor.inputValue();
    await editor.fill(text.replace('hostname: mine', 'hostnam: mine'));
    const problems = page.getByRole('list', { name: 'Problems' });
    await expect(problems).toContainText('The cluster knows no field hostnam here');
    await editor.fill(text.replace('hostname: mine', 'hostname: written'));
    await page.getByRole('button', { name: 'Check and review' }).click();
    await expect(page.getByRole('list', { name: 'Changes' })).toContainText('written');
    expect(await get('.spec.template.spec.hostname')).toBe('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(messages(page).getByText('Saved forms')).toBeVisible();
    expect(await get('.spec.template.spec.hostname')).toBe('written');
  });

  await test.step('a disk is added and detached again', async () => {
    await tab('disks');
    await page.getByRole('button', { name: 'Add disk' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('data');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'forms-data' });
    await expect(row).toContainText('10 GiB');
    await page.getByRole('button', { name: 'Actions for data' }).click();
    await page.getByRole('menuitem', { name: 'Detach' }).click();
    await page.getByRole('button', { name: 'Detach', exact: true }).click();
    await expect(row).toHaveCount(0);
    expect(await get('.spec.template.spec.volumes[*].name')).toBe('root');
  });
});

test('the reason why a VM does not start is told with the way to mend it', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'lost', namespace: project, runStrategy: 'Halted' });
  await kubectl(program, [
    ...['patch', 'vm', 'lost', '-n', project, '--type', 'merge', '-p'],
    JSON.stringify({
      spec: { runStrategy: 'Always', template: { spec: { nodeSelector: { planet: 'mars' } } } },
    }),
  ]);
  await page.goto(`${listPath(project)}/lost`);
  await expect(page.getByText('No node has the labels that it asks for.')).toBeVisible();
  await page.getByRole('button', { name: 'Edit scheduling' }).click();
  await page.getByRole('button', { name: 'Edit Node selector' }).click();
  await page.getByRole('button', { name: 'Remove planet' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(messages(page).getByText('Saved: Node selector')).toBeVisible();
});

test('the log of the guest is followed and searched', async ({ page, program, project }) => {
  await createVm(program, { name: 'talker', namespace: project });
  await page.goto(`${listPath(project)}/talker/diagnostics`);
  const logs = page.getByRole('region', { name: 'Logs' });
  await logs.getByRole('combobox', { name: 'Log of' }).selectOption({ label: 'Launcher' });
  await expect(logs.getByRole('region', { name: 'Launcher' })).not.toBeEmpty();
  await logs.getByRole('textbox', { name: 'Search the log' }).fill('no line has this');
  await expect(logs.getByRole('region', { name: 'Launcher' })).toBeEmpty();
});
