import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, messages, onOwnHost, test } from './fixtures.ts';
import { kubectl } from './kubectl.ts';
import { microImage } from './microImage.ts';
import { Program } from './program.ts';
import { goTo, openWizard } from './wizard.ts';

const checked = 'The server has checked it and would create it';

/** A claim that nobody fills: it is there, which is all that is asked here. */
const claim = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'golden', namespace },
  spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
});

test('what another project lacks is named where it was chosen, and nothing is dropped', async ({
  page,
  program,
  project,
}) => {
  await kubectl(program, ['create', '-f', '-'], claim(project));
  await kubectl(program, ['create', 'secret', 'generic', 'keys', '-n', project]);
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('mover');
  await page.getByRole('radio', { name: /^Volume A claim, used/ }).click();
  const volume = page.getByRole('combobox', { name: 'Volume' });
  await volume.selectOption('golden');
  await goTo(page, 'First start');
  await page.getByRole('combobox', { name: 'SSH keys of a secret' }).selectOption('keys');
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();

  await goTo(page, 'Name and source');
  await page.getByRole('combobox', { name: 'Project' }).selectOption('default');
  await expect(volume).toHaveValue('golden');
  await expect(volume).toHaveAccessibleDescription(
    /^Project default has no PersistentVolumeClaim golden\./,
  );
  await expect(page.getByRole('button', { name: /^First start 1 to mend/ })).toBeVisible();
  await page.reload();
  await goTo(page, 'Review');
  await expect(page.getByText('Project default has no Secret keys.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
  await goTo(page, 'Name and source');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('mover');
  await page.getByRole('combobox', { name: 'Project' }).selectOption(project);
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
});

test('what was deleted since it was chosen is named, and nothing is created', async ({
  page,
  program,
  project,
}) => {
  await kubectl(program, ['create', '-f', '-'], claim(project));
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('late');
  await page.getByRole('radio', { name: /^Volume A claim, used/ }).click();
  await page.getByRole('combobox', { name: 'Volume' }).selectOption('golden');
  await goTo(page, 'Review');
  await expect(page.getByText(checked)).toBeVisible();
  await kubectl(program, ['delete', 'pvc', 'golden', '-n', project]);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const words = `Project ${project} has no PersistentVolumeClaim golden.`;
  await expect(page.getByText('Nothing was created')).toBeVisible();
  await expect(page.getByText(words).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Name and source 1 to mend/ })).toBeVisible();
  expect(await kubectl(program, ['get', 'vm', '-n', project, '-o', 'name'])).toBe('');
});

test('user data that is no YAML and a disk that no storage has room for are told at their fields', async ({
  page,
  project,
}) => {
  await openWizard(page, project);
  await goTo(page, 'First start');
  const userData = page.getByRole('textbox', { name: 'User data' });
  await userData.fill('#cloud-config\nuser: [eve');
  await expect(userData).toHaveAccessibleDescription(/end with a \]/);
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
  await userData.fill('');
  await goTo(page, 'Disks');
  const size = page.getByRole('spinbutton', { name: 'Size' });
  await size.fill('900000');
  await expect(size).toHaveAccessibleDescription(
    /The storage class hostpath-virtualization has room for .*, and this needs/,
  );
});

test('user-defined networks are named, and the one of the project asks for its binding', async ({
  page,
  program,
  project,
}) => {
  for (const [name, role] of [
    ['red', 'primary'],
    ['blue', 'secondary'],
  ] as const) {
    // As OVN-Kubernetes makes them of a UserDefinedNetwork.
    const config = { cniVersion: '1.0.0', name, type: 'ovn-k8s-cni-overlay', role };
    await kubectl(program, ['create', '-f', '-'], {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name, namespace: project, labels: { 'k8s.ovn.org/user-defined-network': '' } },
      spec: { config: JSON.stringify(config) },
    });
  }
  await openWizard(page, project);
  await goTo(page, 'Networks');
  const nic = page.getByRole('region', { name: 'default' });
  const binding = nic.getByRole('combobox', { name: 'Binding' });
  await expect(binding).toHaveAccessibleDescription(
    /^The user-defined network red of this project needs the binding l2bridge\./,
  );
  await expect(nic.getByRole('combobox', { name: 'Network', exact: true })).toContainText(
    'red (user-defined network of the project)',
  );
  await binding.selectOption('l2bridge');
  await expect(binding).not.toHaveAccessibleDescription(/needs the binding/);
  await page.getByRole('button', { name: 'Add network interface' }).click();
  const other = page
    .getByRole('region', { name: 'nic-2' })
    .getByRole('combobox', { name: 'NetworkAttachmentDefinition' });
  await expect(other.getByRole('option')).toHaveText(['Choose one', 'blue (user-defined network)']);
  await goTo(page, 'Review');
  await expect(page.getByText(/name: l2bridge/).first()).toBeVisible();
});

test('an address that nobody answers at is told on the page of the VM', async ({
  page,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('far');
  await page.getByRole('radio', { name: /^Web address/ }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9/disk.qcow2');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created far')).toBeVisible();
  await expect(
    page.getByText(/Unable to connect to http data source|connection refused|ECONNREFUSED/).first(),
  ).toBeVisible({ timeout: 60_000 });
});

test('a file that is no image is refused in the words of the cluster, and can be replaced', async ({
  page,
  program,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('junk');
  await page.getByRole('radio', { name: /^Upload/ }).click();
  const input = page.locator('input[type=file]').first();
  // It begins as a qcow2 does, and says nothing after that.
  const buffer = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(4000)]);
  await input.setInputFiles({ name: 'broken.qcow2', mimeType: '', buffer });
  const upload = page.getByRole('group', { name: 'broken.qcow2' }).first();
  await expect(upload.getByText('It failed')).toBeVisible({ timeout: 90_000 });
  await expect(upload.getByText(/qemu-img|Unable to process data|invalid/i)).toBeVisible();
  await expect(upload.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await input.setInputFiles({ name: 'letter.txt', mimeType: '', buffer: Buffer.from('Dear all') });
  await expect(
    page.getByText(/^Its first bytes name no format of disk images/).first(),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await input.setInputFiles(microImage(program));
  await expect(page.getByText('It is in the volume').first()).toBeVisible({ timeout: 120_000 });
});

test('who may make VMs but no services is told so at the services', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-clerk-'));
  const inProject = ['-n', project];
  await kubectl(program, ['create', 'serviceaccount', 'clerk', ...inProject]);
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'clerk', namespace: project },
    rules: [
      { apiGroups: ['kubevirt.io'], resources: ['*'], verbs: ['*'] },
      { apiGroups: ['cdi.kubevirt.io'], resources: ['*'], verbs: ['*'] },
    ],
  });
  await kubectl(program, [
    ...['create', 'rolebinding', 'clerk', '--role=clerk', ...inProject],
    `--serviceaccount=${project}:clerk`,
  ]);
  const token = await kubectl(program, ['create', 'token', 'clerk', ...inProject]);
  const config = JSON.parse(
    await kubectl(program, ['config', 'view', '--raw', '--minify', '-o', 'json']),
  ) as { users: { name: string; user: object }[]; contexts: { context: { namespace?: string } }[] };
  const kubeconfig = join(folder, 'config');
  const { name = '' } = config.users[0] ?? {};
  const contexts = config.contexts.map((one) => ({
    ...one,
    context: { ...one.context, namespace: project },
  }));
  writeFileSync(
    kubeconfig,
    JSON.stringify({ ...config, contexts, users: [{ name, user: { token } }] }),
  );
  const other = new Program(folder, ['--kubeconfig', kubeconfig]);
  try {
    await other.start();
    await page.goto(other.url);
    await page.goto(`${other.origin}/virtdeck/create-vm?project=${project}`);
    await page.getByRole('textbox', { name: 'Name' }).fill('clerked');
    await page.getByRole('radio', { name: /^Blank disk/ }).click();
    await goTo(page, 'Running and placement');
    await page.getByRole('combobox', { name: 'Run strategy' }).selectOption('Halted');
    await goTo(page, 'Networks');
    await page.getByRole('button', { name: 'SSH (22)' }).click();
    await expect(page.getByText(/cannot create resource "services"/).first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Networks 1 to mend/ })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
    await page.getByRole('button', { name: 'Remove Service ssh' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(messages(page).getByText('Created clerked')).toBeVisible();
  } finally {
    await other.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a session that ends while something is typed loses nothing of it', async ({
  page,
  program,
  project,
}) => {
  await onOwnHost(program, async () => {
    await openWizard(page, project);
    await page.getByRole('textbox', { name: 'Name' }).fill('patient');
    await goTo(page, 'First start');
    await page.context().clearCookies();
    await page.getByRole('textbox', { name: 'User data' }).fill('#cloud-config\nuser: eve\n');
    await expect(page.getByText(/address that virtdeck printed/).first()).toBeVisible({
      timeout: 60_000,
    });
    // Logged in anew, in the same tab.
    await page.goto(program.url);
    await page.goto(`/virtdeck/create-vm?project=${project}&step=initialisation`);
    await expect(page.getByRole('textbox', { name: 'User data' })).toHaveValue(
      '#cloud-config\nuser: eve\n',
    );
    await goTo(page, 'Review');
    await expect(page.getByText('name: patient').first()).toBeVisible();
    await expect(page.getByText(checked)).toBeVisible();
  });
});
