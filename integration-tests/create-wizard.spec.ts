import { expectAccessible } from './axe.ts';
import { expect, listPath, messages, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { microImage } from './microImage.ts';
import { goTo, openWizard } from './wizard.ts';

const checked = 'The server has checked it and would create it';

test('what the dialog has goes on in the wizard, outlives a reload, and becomes a guest', async ({
  page,
  program,
  project,
}) => {
  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('ledger');
  await dialog.getByRole('button', { name: 'All options' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('ledger');

  await goTo(page, 'Disks');
  await page.getByRole('button', { name: 'Add disk' }).click();
  const second = page.getByRole('region', { name: 'disk-2' });
  await second.getByRole('spinbutton', { name: 'Size' }).fill('2');
  await expect(page.getByText('disk-2: 2 GiB')).toBeVisible();
  await goTo(page, 'First start');
  await page.getByRole('textbox', { name: 'User', exact: true }).fill('eve');
  await page.getByRole('button', { name: 'Make one' }).click();
  const userData = page.getByRole('textbox', { name: 'User data' });
  await expect(userData).toHaveValue(/^#cloud-config\nuser: eve\npassword: [\w-]{14}\n/);
  await userData.fill('#cloud-config\nuser: mallory\n');
  await expect(page.getByRole('textbox', { name: 'User', exact: true })).toHaveValue('mallory');

  await page.reload();
  await expect(userData).toHaveValue('#cloud-config\nuser: mallory\n');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Disks', level: 2 })).toBeVisible();
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created ledger')).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  const volumes = 'jsonpath={.spec.template.spec.volumes[*].name}';
  expect(await kubectl(program, ['get', 'vm', 'ledger', '-n', project, '-o', volumes])).toBe(
    'rootdisk disk-2 cloudinitdisk',
  );
});

test('all are made or none: what was made is taken back, and it is said', async ({
  page,
  program,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('twin');
  await page.getByRole('spinbutton', { name: 'How many' }).fill('2');
  await expect(page.getByText('twin-1, twin-2').first()).toBeVisible();
  await goTo(page, 'Running and placement');
  await page.getByRole('combobox', { name: 'Run strategy' }).selectOption('Halted');
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
  // Somebody else takes the second name meanwhile.
  await createVm(program, { name: 'twin-2', namespace: project, runStrategy: 'Halted' });
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByText('Nothing was created')).toBeVisible();
  await expect(page.getByText('Taken back: VirtualMachine twin-1.')).toBeVisible();
  const names = ['get', 'vm', '-n', project, '-o', 'jsonpath={.items[*].metadata.name}'];
  await expect.poll(() => kubectl(program, names)).toBe('twin-2');

  await goTo(page, 'Name and source');
  await page.getByRole('textbox', { name: 'Name' }).fill('{n}-pair');
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${project}/kubevirt.io~v1~VirtualMachine$`));
  await expect.poll(() => kubectl(program, names)).toBe('1-pair 2-pair twin-2');
});

test('long user data is kept in a secret that goes with its virtual machine', async ({
  page,
  program,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('wordy');
  await goTo(page, 'First start');
  await page
    .getByRole('textbox', { name: 'User data' })
    .fill(`#cloud-config\n# ${'x'.repeat(2100)}`);
  await expect(page.getByText(/longer than 2048 bytes/)).toBeVisible();
  await goTo(page, 'Running and placement');
  await page.getByRole('combobox', { name: 'Run strategy' }).selectOption('Halted');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created wordy')).toBeVisible();
  const owner = 'jsonpath={.metadata.ownerReferences[0].name}';
  const get = ['get', 'secret', 'wordy-cloudinit', '-n', project];
  expect(await kubectl(program, [...get, '-o', owner])).toBe('wordy');
  await kubectl(program, ['delete', 'vm', 'wordy', '-n', project]);
  await expect.poll(() => kubectl(program, [...get, '--ignore-not-found', '-o', 'name'])).toBe('');
});

test('what the server refuses is shown at its field and in the list of steps', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'taken', namespace: project, runStrategy: 'Halted' });
  await openWizard(page, project);
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('taken');
  await expect(name).toHaveAccessibleDescription(/"taken" already exists/);
  await expect(page.getByRole('button', { name: /^Name and source 1 to mend/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
  await name.fill('Nope');
  await expect(name).toHaveAccessibleDescription(/^Use small letters a to z, digits and hyphens\./);
  await name.fill('free');
  await page.getByRole('radio', { name: /^Web address/ }).click();
  await goTo(page, 'Review');
  await expect(
    page.getByText('Give an address that begins with http:// or https://.'),
  ).toBeVisible();
});

test('YAML goes into the form and back, and what the form cannot show stays', async ({
  page,
  project,
}) => {
  await openWizard(page, project);
  await goTo(page, 'Review');
  await page.getByRole('button', { name: 'Edit as YAML' }).click();
  const yaml = page.getByRole('textbox', { name: 'VirtualMachine as YAML' });
  const text = await yaml.inputValue();
  await yaml.fill(text.replace('runStrategy: Always', 'runStrategy: Halted'));
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await goTo(page, 'Running and placement');
  await expect(page.getByRole('combobox', { name: 'Run strategy' })).toHaveValue('Halted');
  await goTo(page, 'Review');
  await page.getByRole('button', { name: 'Edit as YAML' }).click();
  await yaml.fill(text.replace('rng: {}', 'rng: {}\n          tpm: {}'));
  await expect(page.getByRole('button', { name: 'Back to the form' })).toBeDisabled();
  await expect(page.getByText(checked)).toBeVisible();
  await yaml.fill('kind: [');
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
});

test('each step is for all, light and dark, on small screens too', async ({ page, project }) => {
  test.setTimeout(240_000);
  await openWizard(page, project);
  for (const step of [
    ...['CPU and memory', 'Disks', 'Networks', 'First start', 'Running and placement', 'Review'],
    'Name and source',
  ]) {
    await goTo(page, step);
    for (const width of [1600, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await expectAccessible(page, `${step}, ${width} pixels`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${step} is wider than the screen`).toBe(0);
    }
  }
});

test('an image of this computer is uploaded while the rest is filled in, and boots', async ({
  page,
  program,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('brought');
  await page.getByRole('radio', { name: /^Upload/ }).click();
  await page.locator('input[type=file]').setInputFiles(microImage(program));
  await goTo(page, 'CPU and memory');
  await goTo(page, 'Name and source');
  await expect(page.getByText('It is in the volume')).toBeVisible({ timeout: 90_000 });
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'brought', level: 1 })).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
});
