import type { Page } from '@playwright/test';

import { expect, messages, test, vmPath } from './fixtures.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';
import { goTo, openWizard } from './wizard.ts';

const create = (page: Page) => page.getByRole('button', { name: 'Create', exact: true });

test('a VM is copied with more memory, its name checked first, and the copy has its disk', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  await createVm(program, { name: 'mill', namespace: project });
  await page.goto(vmPath(project, 'mill', 'console'));
  await logIn(page, 'mill');
  await runInGuest(page, 'mill', 'echo grain > /root/mark; sync; echo done');

  await openWizard(page, project);
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('mill');
  await page.getByRole('radio', { name: /^Virtual machine/ }).click();
  await goTo(page, 'Review');
  await expect(page.getByText('Choose what is to be copied.')).toBeVisible();
  await goTo(page, 'Name and source');
  await page.getByRole('combobox', { name: 'Virtual machine' }).selectOption('mill');
  await expect(name).toHaveAccessibleDescription(/already exists|cannot be equal/i);
  await name.fill('mill-2');
  await page.getByRole('checkbox', { name: 'Start as soon as it is created' }).check();
  await goTo(page, 'Disks');
  await expect(page.getByText('The virtual machine is a copy')).toBeVisible();
  await page.reload();
  await create(page).click();
  await expect(messages(page).getByText('Copying mill to mill-2')).toBeVisible();
  await waitForStatus(program, { name: 'mill-2', namespace: project }, 'Running');
  await page.goto(vmPath(project, 'mill-2', 'console'));
  await logIn(page, 'mill-2');
  expect(await runInGuest(page, 'mill-2', 'cat /root/mark')).toBe('grain');
});

test('a snapshot becomes a VM of its own', async ({ page, program, project }) => {
  test.setTimeout(180_000);
  await createVm(program, { name: 'kiln', namespace: project });
  await page.goto(vmPath(project, 'kiln', 'console'));
  await logIn(page, 'kiln');
  await runInGuest(page, 'kiln', 'echo before > /root/mark; sync; echo done');
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'monday', namespace: project },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'kiln' } },
  });
  await kubectl(program, [
    ...['wait', 'vmsnapshot/monday', '-n', project],
    ...['--for', 'jsonpath={.status.readyToUse}=true', '--timeout', '90s'],
  ]);
  await runInGuest(page, 'kiln', 'echo after > /root/mark; sync; echo done');
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('kiln-then');
  await page.getByRole('radio', { name: /^Snapshot of a virtual machine/ }).click();
  const snapshot = page.getByRole('combobox', { name: 'Snapshot' });
  await expect(snapshot.getByRole('option', { name: /^monday \(of kiln,/ })).toBeEnabled();
  await snapshot.selectOption('monday');
  await page.getByRole('checkbox', { name: 'Start as soon as it is created' }).check();
  await create(page).click();
  await expect(messages(page).getByText('Copying monday to kiln-then')).toBeVisible();
  await waitForStatus(program, { name: 'kiln-then', namespace: project }, 'Running');
  await page.goto(vmPath(project, 'kiln-then', 'console'));
  await logIn(page, 'kiln-then');
  expect(await runInGuest(page, 'kiln-then', 'cat /root/mark')).toBe('before');
});

test('a template is filled in within the wizard, and its VM boots as the form was changed', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  const disk = '${NAME}-rootdisk';
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'template.kubevirt.io/v1beta1',
    kind: 'VirtualMachineTemplate',
    metadata: { name: 'looms', namespace: project },
    spec: {
      parameters: [
        { name: 'NAME', required: true },
        { name: 'MEMORY', value: '160Mi' },
      ],
      virtualMachine: {
        metadata: { name: '${NAME}' },
        spec: {
          runStrategy: 'Always',
          dataVolumeTemplates: [
            {
              metadata: { name: disk },
              spec: {
                sourceRef: { kind: 'DataSource', namespace: 'kubevirt-os-images', name: 'micro' },
                storage: { resources: { requests: { storage: '1Gi' } } },
              },
            },
          ],
          template: {
            spec: {
              domain: {
                cpu: { sockets: 1, cores: 1, threads: 1 },
                memory: { guest: '${MEMORY}' },
                devices: {
                  disks: [{ name: 'rootdisk', disk: { bus: 'virtio' } }],
                  interfaces: [{ name: 'default', model: 'virtio', masquerade: {} }],
                  rng: {},
                },
              },
              networks: [{ name: 'default', pod: {} }],
              volumes: [{ name: 'rootdisk', dataVolume: { name: disk } }],
            },
          },
        },
      },
    },
  });
  await openWizard(page, project);
  await page.getByRole('radio', { name: /^Template/ }).click();
  await page
    .getByRole('combobox', { name: 'Template' })
    .selectOption(`VirtualMachineTemplate/${project}/looms`);
  const take = page.getByRole('button', { name: 'Take over the template' });
  await take.click();
  await expect(
    page.getByRole('textbox', { name: 'NAME', exact: true }),
  ).toHaveAccessibleDescription(/./);
  await page.getByRole('textbox', { name: 'NAME', exact: true }).fill('loom-9');
  await page.reload();
  await page.getByRole('textbox', { name: 'MEMORY' }).fill('192Mi');
  await take.click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('loom-9');
  await goTo(page, 'CPU and memory');
  await expect(page.getByRole('spinbutton', { name: 'Memory', exact: true })).toHaveValue('192');
  await page.getByRole('spinbutton', { name: 'Sockets', exact: true }).fill('2');
  await create(page).click();
  await expect(messages(page).getByText('Created loom-9')).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  const label = 'jsonpath={.metadata.labels.vm\\.kubevirt\\.io/template}';
  expect(await kubectl(program, ['get', 'vm', 'loom-9', '-n', project, '-o', label])).toBe('looms');
  await page.goto(vmPath(project, 'loom-9', 'console'));
  await logIn(page, 'loom-9');
  expect(await runInGuest(page, 'loom-9', 'grep -c ^processor /proc/cpuinfo')).toBe('2');
});

test('answers for Windows that are typed are on a CD-ROM of the guest', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('answers');
  await goTo(page, 'First start');
  await page
    .getByRole('combobox', { name: 'Answers for Windows (sysprep)' })
    .selectOption('Typed here');
  const answers = page.getByRole('textbox', { name: 'unattend.xml' });
  await answers.fill('no xml');
  await expect(answers).toHaveAccessibleDescription(/^This is no XML that can be read\./);
  await answers.fill('<unattend>from the wizard</unattend>');
  await create(page).click();
  await expect(messages(page).getByText('Created answers')).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  const args = ['get', 'secret', 'answers-sysprep', '-n', project, '-o'];
  expect(await kubectl(program, [...args, 'jsonpath={.metadata.ownerReferences[0].name}'])).toBe(
    'answers',
  );
  await page.goto(vmPath(project, 'answers'));
  await expect(page.getByText('sysprepdisk').first()).toBeVisible();
});

test('a VM boots from the network that was chosen: a DHCP server there is asked', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  const network = { cniVersion: '0.3.1', name: 'lab', type: 'bridge', bridge: 'lab' };
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'lab', namespace: project },
    spec: { config: JSON.stringify(network) },
  });
  await createVm(program, { name: 'dhcp', namespace: project, network: 'lab' });
  await page.goto(vmPath(project, 'dhcp', 'console'));
  await logIn(page, 'dhcp');
  const nic = '$(ls /sys/class/net | grep -v lo | tail -n 1)';
  const lines = ['start 10.9.0.10', 'end 10.9.0.20', `interface ${nic}`, 'lease_file /tmp/leases'];
  const commands = [
    ...[`ip link set ${nic} up`, `ip addr add 10.9.0.1/24 dev ${nic}`, 'touch /tmp/leases'],
    ...lines.map((line) => `echo ${line} >> /tmp/dhcp.conf`),
    '(udhcpd -f /tmp/dhcp.conf > /tmp/log 2>&1 &)',
  ];
  await runInGuest(page, 'dhcp', `${commands.join('; ')}; echo ok`);

  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('netboot');
  await page.getByRole('radio', { name: /^Network boot/ }).click();
  await page.getByRole('combobox', { name: 'NetworkAttachmentDefinition' }).selectOption('lab');
  await create(page).click();
  await expect(messages(page).getByText('Created netboot')).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.goto(vmPath(project, 'dhcp', 'console'));
  await logIn(page, 'dhcp');
  await expect
    .poll(() => runInGuest(page, 'dhcp', 'grep -ci offer /tmp/log'), { timeout: 90_000 })
    .not.toBe('0');
});

test('an instance type leads to a new VM of it, and nothing that was typed is lost', async ({
  page,
  project,
}) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('kept');
  await page.goto(
    '/k8s/cluster/instancetype.kubevirt.io~v1beta1~VirtualMachineClusterInstancetype/u1.small',
  );
  await page.getByRole('button', { name: 'Actions for u1.small' }).click();
  await page.getByRole('menuitem', { name: 'Create virtual machine' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('kept');
  await expect(page.getByText('u1.small').first()).toBeVisible();
  await page.goto(
    '/k8s/cluster/instancetype.kubevirt.io~v1beta1~VirtualMachineClusterInstancetype/u1.small',
  );
  await page.getByRole('button', { name: 'Actions for u1.small' }).click();
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
  const edit = page.getByRole('dialog', { name: 'Edit u1.small' });
  await edit.getByRole('button', { name: 'YAML' }).click();
  const yaml = edit.getByRole('textbox', { name: 'YAML' });
  await yaml.fill((await yaml.inputValue()).replace('  cpu:\n', '  cpus: 3\n  cpu:\n'));
  await expect(edit.getByText(/The cluster knows no field cpus here/)).toBeVisible();
});
