import { confirm, expect, messages, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';

test('a VM is saved as a template, which makes another one that boots', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  const list = `/k8s/ns/${project}/template.kubevirt.io~v1beta1~VirtualMachineTemplate`;
  await page.goto(list);
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();

  await createVm(program, { name: 'mill', namespace: project, runStrategy: 'Halted' });
  await page.goto(vmPath(project, 'mill'));
  await takeAction(page, 'mill', 'Save as template');
  const save = page.getByRole('dialog', { name: 'Save as template' });
  await expect(save.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(
    'mill-template',
  );
  await save.getByRole('textbox', { name: 'Display name' }).fill('Mills');
  await save.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'mill-template', level: 1 })).toBeVisible();

  // Its memory becomes a parameter.
  await takeAction(page, 'mill-template', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit mill-template' });
  await edit.getByRole('button', { name: 'Add parameter' }).click();
  const parameter = (label: string) =>
    edit.getByRole('textbox', { name: `${label} 2`, exact: true });
  await parameter('Name').fill('MEMORY');
  await parameter('Value').fill('160Mi');
  await edit.getByRole('button', { name: 'YAML' }).click();
  const text = edit.getByRole('textbox', { name: 'YAML' });
  await text.fill((await text.inputValue()).replace('guest: 160Mi', 'guest: ${MEMORY}'));
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(messages(page).getByText('Saved mill-template')).toBeVisible();

  await page.goto(list);
  const row = page.getByRole('row').filter({ hasText: 'Mills' });
  await expect(row.getByText('micro', { exact: true })).toBeVisible();
  await takeAction(page, 'mill-template', 'Create virtual machine');
  const create = page.getByRole('dialog', { name: 'Create virtual machine from mill-template' });
  await expect(create.getByRole('combobox', { name: 'Project' })).toHaveValue(project);
  await create.getByRole('textbox', { name: 'NAME' }).fill('mill-2');
  await create.getByRole('textbox', { name: 'MEMORY' }).fill('lots');
  await create.getByRole('checkbox', { name: 'Start as soon as it is created' }).check();
  await create.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(create.getByText('Some values are not valid')).toBeVisible();
  await expect(create.getByText('"mill-template" is invalid: spec.virtualMachine')).toBeVisible();
  await create.getByRole('textbox', { name: 'MEMORY' }).fill('224Mi');
  await create.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'mill-2', level: 1 })).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.goto(vmPath(project, 'mill-2', 'console'));
  await logIn(page, 'mill-2');
  const kib = await runInGuest(page, 'mill-2', "awk '/MemTotal/ {print $2}' /proc/meminfo");
  expect(Number(kib), 'more than the VM has that the template was made of').toBeGreaterThan(
    160 * 1024,
  );

  await page.goto(list);
  await takeAction(page, 'mill-template', 'Delete');
  await expect(page.getByRole('dialog').getByText(`${project}/mill-2`)).toBeVisible();
  await confirm(page, 'Delete mill-template?', 'Delete');
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();
  expect(await kubectl(program, ['get', 'vm', 'mill-2', '-n', project, '-o', 'name'])).toContain(
    'mill-2',
  );
});
