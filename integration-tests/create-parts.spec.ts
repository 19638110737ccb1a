import { expect, messages, test, vmPath } from './fixtures.ts';
import { greeting } from './greeting.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';
import { goTo, openWizard } from './wizard.ts';

test('services, room to grow, files as a disk and placement come with a new VM', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  await kubectl(program, [
    ...['create', 'configmap', 'settings', '-n', project, '--from-literal=colour=blue'],
  ]);
  await createVm(program, { name: 'ledger', namespace: project, labels: { app: 'db' } });

  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('till');

  await test.step('CPU and memory', async () => {
    await goTo(page, 'CPU and memory');
    await page.getByRole('combobox', { name: 'Instance type' }).selectOption('');
    await page.getByRole('spinbutton', { name: 'Memory', exact: true }).fill('256');
    await page.getByRole('combobox', { name: 'Unit of Memory', exact: true }).selectOption('MiB');
    const most = page.getByRole('spinbutton', { name: 'Sockets at most' });
    await page.getByRole('spinbutton', { name: 'Sockets', exact: true }).fill('2');
    await most.fill('1');
    await expect(most).toHaveAccessibleDescription(/not below the sockets/);
    await page.getByRole('spinbutton', { name: 'Sockets', exact: true }).fill('1');
    await most.fill('3');
  });

  await test.step('Disks', async () => {
    await goTo(page, 'Disks');
    const root = page.getByRole('region', { name: 'rootdisk' });
    await expect(root.getByRole('combobox', { name: 'Storage class' })).toHaveAccessibleDescription(
      'hostpath-virtualization: can be live migrated · snapshots · cloned at once · can be enlarged',
    );
    await root.getByRole('combobox', { name: 'Storage class' }).selectOption('hostpath-local');
    await expect(root.getByRole('combobox', { name: 'Storage class' })).toHaveAccessibleDescription(
      /^hostpath-local: no live migration/,
    );
    await root.getByRole('combobox', { name: 'Storage class' }).selectOption('');
    await page.getByRole('button', { name: 'Add disk' }).click();
    const second = page.getByRole('region', { name: 'disk-2' });
    await second.getByRole('combobox', { name: 'Content' }).selectOption('configMap');
    await second.getByRole('combobox', { name: 'Config map' }).selectOption('settings');
  });

  await test.step('Networks', async () => {
    await goTo(page, 'Networks');
    await page.getByRole('button', { name: 'SSH (22)' }).click();
    const ssh = page.getByRole('group', { name: 'Service ssh' });
    await ssh.getByRole('combobox', { name: 'Reachable' }).selectOption('NodePort');
  });

  await test.step('Placement', async () => {
    await goTo(page, 'Running and placement');
    await page.getByRole('button', { name: 'Keep apart from …' }).click();
    const rule = page.getByRole('group', { name: 'Rule 1' });
    await rule.getByRole('textbox', { name: 'Key of label 1' }).fill('app');
    await rule.getByRole('textbox', { name: 'Value of label 1' }).fill('db');
  });

  // What was chosen outlives a reload, and the way to YAML and back.
  await page.reload();
  await goTo(page, 'Review');
  await page.getByRole('button', { name: 'Edit as YAML' }).click();
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await expect(page.getByText('The server has checked it and would create it')).toBeVisible();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created till')).toBeVisible();
  await waitForStatus(program, { name: 'till', namespace: project }, 'Running');

  const get = (resource: string, path: string) =>
    kubectl(program, ['get', resource, '-n', project, '-o', `jsonpath={${path}}`]);
  expect(await get('vmi/till', '.spec.domain.cpu.maxSockets')).toBe('3');
  expect(await get('vmi/till', '.status.nodeName')).not.toBe(
    await get('vmi/ledger', '.status.nodeName'),
  );
  expect(await get('service/till-ssh', '.metadata.ownerReferences[0].name')).toBe('till');

  await page.goto(vmPath(project, 'till', 'console'));
  await logIn(page, 'till');
  const read = 'mkdir -p /mnt && mount -o ro $(findfs LABEL=cfgdata) /mnt && cat /mnt/colour';
  expect(await runInGuest(page, 'till', read)).toBe('blue');

  const node = await get('vmi/till', '.status.nodeName');
  const internal = '.status.addresses[?(@.type=="InternalIP")].address';
  const [host, port] = [
    await get(`node/${node}`, internal),
    Number(await get('service/till-ssh', '.spec.ports[0].nodePort')),
  ];
  await expect.poll(() => greeting(host, port).catch(String)).toMatch(/^SSH-2\.0-dropbear/);
});

test('what goes beyond a quota is told before it is created', async ({
  page,
  program,
  project,
}) => {
  await kubectl(program, [
    ...['create', 'quota', 'small', '-n', project],
    '--hard=requests.storage=5Gi,requests.memory=8Gi,pods=10',
  ]);
  await openWizard(page, project);
  const summary = page.getByRole('region', { name: 'Summary' });
  await expect(summary.getByText(/^0 B \+ .* of 8 GiB$/)).toBeVisible();
  await expect(summary.getByText('0 + 1 of 10')).toBeVisible();
  await goTo(page, 'Disks');
  const size = page.getByRole('spinbutton', { name: 'Size' });
  await size.fill('6');
  await expect(size).toHaveAccessibleDescription(
    /^The quota small leaves 5 GiB of storage, and this needs 6/,
  );
  await expect(page.getByRole('button', { name: /^Disks beyond a limit/ })).toBeVisible();
  // The quota may be widened before it starts.
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeEnabled();
  await goTo(page, 'Review');
  await expect(
    page.getByText('It can be created, but goes beyond a limit of the project'),
  ).toBeVisible();
  await goTo(page, 'Disks');
  await size.fill('2');
  await expect(page.getByRole('button', { name: /^Disks beyond a limit/ })).toBeHidden();
});

test('what the wizard has is kept as a template, and no VM is made', async ({
  page,
  program,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('mould');
  await goTo(page, 'Review');
  await expect(page.getByText('The server has checked it and would create it')).toBeVisible();
  await page.getByRole('button', { name: 'Save as template' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as template' });
  await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(
    'mould-template',
  );
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(messages(page).getByText('Created mould-template')).toBeVisible();
  const get = (resource: string, path: string) =>
    kubectl(program, ['get', resource, '-n', project, '-o', `jsonpath={${path}}`]);
  expect(
    await get('virtualmachinetemplate/mould-template', '.spec.virtualMachine.metadata.name'),
  ).toBe('${NAME}');
  expect(await get('vm', '.items[*].metadata.name')).toBe('');
});
