import { readFileSync } from 'node:fs';

import { confirm, expect, listPath, messages, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, runInGuest, serialLine, serialRows } from './screen.ts';

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
  // No form shows these.
  await patch({
    spec: { template: { spec: { domain: { ioThreadsPolicy: 'auto', features: { smm: {} } } } } },
  });
  const specNow = async (): Promise<unknown> => JSON.parse(await get('.spec.template'));
  const before = await specNow();

  await test.step('changes of others elsewhere are joined', async () => {
    await tab('configuration');
    await page.getByRole('button', { name: 'Edit Description' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('The shop');
    await patch({ metadata: { annotations: { theirs: 'kept' } } });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(messages(page).getByText('Saved: Description')).toBeVisible();
    expect(await get('.metadata.annotations.description')).toBe('The shop');
    expect(await get('.metadata.annotations.theirs')).toBe('kept');
    expect(await specNow(), 'what the form does not show').toEqual(before);
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
    expect(before).toMatchObject({ spec: { domain: { ioThreadsPolicy: 'auto' } } });
    const own = before as { spec: object };
    expect(await specNow()).toEqual({ ...own, spec: { ...own.spec, hostname: 'mine' } });
  });

  await test.step('what the others wrote can be kept as well', async () => {
    await page.getByRole('button', { name: 'Edit Host name' }).click();
    const field = page.getByRole('textbox', { name: 'Host name' });
    await expect(field, 'the first field has the keyboard').toBeFocused();
    await field.fill('mine-again');
    await patch({ spec: { template: { spec: { hostname: 'theirs-again' } } } });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('list', { name: 'Conflicts' })).toContainText('theirs-again');
    await page.getByRole('button', { name: 'Keep theirs' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    expect(await get('.spec.template.spec.hostname')).toBe('theirs-again');
    await patch({ spec: { template: { spec: { hostname: 'mine' } } } });
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
    // Meanwhile others change it at the same place, and at another.
    await patch({
      metadata: { annotations: { theirs: 'anew' } },
      spec: { template: { spec: { hostname: 'meanwhile' } } },
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('list', { name: 'Conflicts' })).toContainText('meanwhile');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect(messages(page).getByText('Saved forms')).toBeVisible();
    expect(await get('.spec.template.spec.hostname')).toBe('written');
    expect(await get('.metadata.annotations.theirs')).toBe('anew');
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

test('what a running guest has after a restart only is said, listed, and then there', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(300_000);
  await createVm(program, { name: 'later', namespace: project });
  const shell = await page.context().newPage();
  await shell.goto(vmPath(project, 'later', 'console'));
  await logIn(shell, 'later');
  const cpus = 'grep -c ^processor /proc/cpuinfo';
  expect(await runInGuest(shell, 'later', cpus)).toBe('1');

  await page.goto(`${listPath(project)}/later/configuration`);
  await page.getByRole('button', { name: 'Edit CPU and memory' }).click();
  const dialog = page.getByRole('dialog', { name: 'CPU and memory' });
  await dialog.getByRole('spinbutton', { name: 'Cores per socket' }).fill('2');
  await expect(dialog.getByText('it takes effect after a restart')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show changes and command' }).click();
  await expect(dialog.getByRole('list', { name: 'Changes' })).toContainText('cores');
  await expect(dialog.getByRole('textbox', { name: 'Command' })).toHaveValue(
    /^kubectl patch virtualmachine later .*cores/,
  );
  await dialog.getByRole('button', { name: 'Save' }).click();

  const pending = page.getByRole('heading', { name: 'Changes take effect after a restart' });
  await expect(pending).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'CPU topology' })).toContainText(
    '1 × 1 × 1 → 1 × 2 × 1',
  );
  expect(await runInGuest(shell, 'later', cpus)).toBe('1');
  // What is read afterwards is of the guest that started anew.
  await serialLine(shell, 'later').pressSequentially('exit\n');
  await expect(serialRows(shell, 'later').filter({ hasText: 'later login:' }).last()).toBeVisible();
  await shell.getByRole('button', { name: 'Clear' }).click();
  await expect(serialRows(shell, 'later').filter({ hasText: 'root@later:' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await confirm(page, 'Restart later?', 'Restart');
  await expect(pending).toBeHidden({ timeout: 100_000 });
  await logIn(shell, 'later');
  expect(await runInGuest(shell, 'later', cpus)).toBe('2');
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

test('the log of the guest is followed, searched and saved', async ({ page, program, project }) => {
  await createVm(program, { name: 'talker', namespace: project });
  const shell = await page.context().newPage();
  await shell.goto(vmPath(project, 'talker', 'console'));
  await logIn(shell, 'talker');
  await page.goto(`${listPath(project)}/talker/diagnostics`);
  const logs = page.getByRole('region', { name: 'Logs' });
  const lines = logs.getByRole('region', { name: 'Guest (serial console)' });
  await expect(lines).toContainText('talker login');
  await serialLine(shell, 'talker').pressSequentially('echo just-$((40 + 2))-now\n');
  await expect(lines).toContainText('just-42-now');

  const search = logs.getByRole('textbox', { name: 'Search the log' });
  await search.fill('JUST-42');
  await expect(lines).toHaveText('just-42-now');
  await search.fill('no line has this');
  await expect(lines).toBeEmpty();
  const download = page.waitForEvent('download');
  await logs.getByRole('button', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^virt-launcher-talker-.*-guest-console-log\.log$/);
  expect(readFileSync(await file.path(), 'utf8'), 'all of it').toContain('talker login');

  await search.fill('');
  await logs.getByRole('combobox', { name: 'Log of' }).selectOption({ label: 'Launcher' });
  await expect(logs.getByRole('region', { name: 'Launcher' })).not.toBeEmpty();
});
