import { rmSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { appliance } from './appliance.ts';
import { dropFiles } from './dropFiles.ts';
import { expect, messages, test, vmPath } from './fixtures.ts';
import { serveContainerDisk, serveFile } from './imageServer.ts';
import { installationMedium, mediumLine } from './installationMedium.ts';
import { kubectl } from './kubectl.ts';
import { microImage } from './microImage.ts';
import type { Program } from './program.ts';
import { logIn, runInGuest, serialLine, serialRows } from './screen.ts';
import { goTo, openWizard } from './wizard.ts';

const GIB = 2 ** 30;

/** A guest is imported and booted in each. */
test.describe.configure({ timeout: 240_000 });

/** What the wizard has becomes a VM; gives what its guest says of itself on the serial line. */
async function createAndAsk(page: Page, project: string, name: string) {
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText(`Created ${name}`)).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible({ timeout: 120_000 });
  await page.goto(vmPath(project, name, 'console'));
  await logIn(page, name);
  return {
    hostname: await runInGuest(page, name, 'hostname'),
    diskBytes: 512 * Number(await runInGuest(page, name, 'cat /sys/block/vda/size')),
  };
}

async function begin(page: Page, project: string, name: string, origin: RegExp): Promise<void> {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('radio', { name: origin }).click();
}

async function sizeOfRoot(page: Page, gib: number): Promise<void> {
  await goTo(page, 'Disks');
  const root = page.getByRole('region', { name: 'rootdisk' });
  await root.getByRole('spinbutton', { name: 'Size' }).fill(String(gib));
  await expect(page.getByText(`rootdisk: ${gib} GiB`)).toBeVisible();
}

/** A volume with the micro image, which belongs to no VM. */
async function volume(program: Program, project: string, name: string): Promise<void> {
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      ...{ name, namespace: project },
      annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
    },
    spec: {
      sourceRef: { kind: 'DataSource', namespace: 'kubevirt-os-images', name: 'micro' },
      storage: { resources: { requests: { storage: '1Gi' } } },
    },
  });
  await kubectl(program, [
    ...['wait', `dv/${name}`, '-n', project],
    ...['--for', 'jsonpath={.status.phase}=Succeeded', '--timeout', '90s'],
  ]);
}

test('a boot source and an instance type: the user of cloud-init logs in over serial', async ({
  page,
  project,
}) => {
  const name = 'larch';
  await begin(page, project, name, /^Boot source/);
  await goTo(page, 'CPU and memory');
  await page
    .getByRole('combobox', { name: 'Instance type' })
    .selectOption('VirtualMachineClusterInstancetype/u1.nano');
  await sizeOfRoot(page, 3);
  await goTo(page, 'First start');
  await page.getByRole('textbox', { name: 'User', exact: true }).fill('eve');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('tall-tree-42');
  await page.getByRole('textbox', { name: 'Host name' }).fill('trunk');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText(`Created ${name}`)).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();

  await page.goto(vmPath(project, name, 'console'));
  await page.getByRole('button', { name: 'Serial', exact: true }).click();
  const rows = serialRows(page, name);
  const line = serialLine(page, name);
  const answer = async (text: string, prompt: string) => {
    await line.pressSequentially(`${text}\n`);
    await expect(rows.filter({ hasText: prompt }).last()).toBeVisible({ timeout: 15_000 });
  };
  await expect(async () => {
    // Prompts of the last try are none of this.
    await page.getByRole('button', { name: 'Clear' }).click();
    await answer('', 'trunk login:');
    await answer('eve', 'Password:');
    await answer('tall-tree-42', 'eve@trunk:');
  }).toPass({ timeout: 150_000 });
  expect(await runInGuest(page, name, 'whoami')).toBe('eve');
  expect(Number(await runInGuest(page, name, 'cat /sys/block/vda/size')) * 512).toBe(3 * GIB);
  const kib = Number(await runInGuest(page, name, "awk '/MemTotal/ {print $2}' /proc/meminfo"));
  expect(kib, 'what the instance type has, without what the kernel keeps').toBeGreaterThan(
    400 * 1024,
  );
  expect(kib).toBeLessThanOrEqual(512 * 1024);
});

test('a web address', async ({ page, ownProgram: program, project }) => {
  const server = await serveFile(microImage(program));
  try {
    await begin(page, project, 'web', /^Web address/);
    const address = page.getByRole('textbox', { name: 'Address' });
    await address.fill(`http://${server.host}/disk.qcow2`);
    await sizeOfRoot(page, 2);
    await expect(page.getByText(/^After the download, of 2 GiB at most\./)).toBeVisible();
    expect(await createAndAsk(page, project, 'web')).toEqual({
      hostname: 'web',
      diskBytes: 2 * GIB,
    });
    // The next one knows how long it took.
    await begin(page, project, 'next', /^Web address/);
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://${server.host}/disk.qcow2`);
    await expect(page.getByText(/by 1 disk that was filled so before\.$/)).toBeVisible();
  } finally {
    server.close();
  }
});

test('an image of a registry', async ({ page, project }) => {
  await begin(page, project, 'reg', /^Registry/);
  await page
    .getByRole('textbox', { name: 'Address' })
    .fill('docker://guest-images.kubevirt-os-images.svc/micro');
  await sizeOfRoot(page, 2);
  expect(await createAndAsk(page, project, 'reg')).toEqual({ hostname: 'reg', diskBytes: 2 * GIB });
});

test('a container disk', async ({ page, ownProgram: program, project }) => {
  const registry = await serveContainerDisk(microImage(program));
  try {
    await begin(page, project, 'box', /^Container disk/);
    await page.getByRole('textbox', { name: 'Image' }).fill(`${registry.host}/os/disk:1`);
    const { hostname, diskBytes } = await createAndAsk(page, project, 'box');
    expect(hostname).toBe('box');
    expect(diskBytes, 'as large as the image says').toBeLessThan(GIB);
  } finally {
    registry.close();
  }
});

test('a volume that is there, used as it is', async ({ page, program, project }) => {
  await volume(program, project, 'golden');
  await begin(page, project, 'own', /^Volume A claim, used/);
  await page.getByRole('combobox', { name: 'Volume' }).selectOption('golden');
  expect((await createAndAsk(page, project, 'own')).hostname).toBe('own');
  const claim = '{.spec.template.spec.volumes[0].persistentVolumeClaim.claimName}';
  expect(await kubectl(program, ['get', 'vm/own', '-n', project, '-o', `jsonpath=${claim}`])).toBe(
    'golden',
  );
});

test('a copy of a volume, and a volume snapshot, both larger than it', async ({
  page,
  program,
  project,
}) => {
  await volume(program, project, 'golden');
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name: 'monday', namespace: project },
    spec: { source: { persistentVolumeClaimName: 'golden' } },
  });
  await begin(page, project, 'copied', /^Copy of a volume/);
  await page.getByRole('combobox', { name: 'Volume', exact: true }).selectOption('golden');
  await sizeOfRoot(page, 2);
  expect(await createAndAsk(page, project, 'copied')).toEqual({
    hostname: 'copied',
    diskBytes: 2 * GIB,
  });
  await begin(page, project, 'snapped', /^Volume snapshot/);
  await page.getByRole('combobox', { name: 'Volume snapshot' }).selectOption('monday');
  await sizeOfRoot(page, 3);
  expect(await createAndAsk(page, project, 'snapped')).toEqual({
    hostname: 'snapped',
    diskBytes: 3 * GIB,
  });
});

test('an ISO, dropped or by its address, and an empty disk: the guest starts from the medium', async ({
  page,
  ownProgram: _own,
  project,
}) => {
  const { folder, iso } = installationMedium();
  const server = await serveFile(iso);
  const createAndSee = async (name: string) => {
    await sizeOfRoot(page, 3);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(messages(page).getByText(`Created ${name}`)).toBeVisible();
    await expect(page.getByText('Running', { exact: true })).toBeVisible({ timeout: 120_000 });
    await page.goto(vmPath(project, name, 'console'));
    await page.getByRole('button', { name: 'Serial', exact: true }).click();
    const told = serialRows(page, name).filter({ hasText: mediumLine(3 * GIB) });
    await expect(told.last()).toBeVisible({ timeout: 90_000 });
  };
  try {
    await openWizard(page, project);
    await page.getByRole('textbox', { name: 'Name' }).fill('dropped');
    await dropFiles(page.getByRole('navigation', { name: 'Steps' }), [iso]);
    await expect(page.getByRole('radio', { name: /^Blank disk/ })).toBeChecked();
    const upload = page.getByRole('group', { name: 'medium.iso' }).first();
    await expect(upload.getByText('medium.iso (iso)')).toBeVisible();
    await expect(upload.getByText('It is in the volume')).toBeVisible({ timeout: 120_000 });
    await createAndSee('dropped');

    await begin(page, project, 'fetched', /^Blank disk/);
    await page.getByRole('button', { name: 'Add an installation medium (ISO)' }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://${server.host}/medium.iso`);
    await createAndSee('fetched');
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test('a qcow2 that is dropped on the page', async ({ page, program, project }) => {
  await openWizard(page, project);
  await page.getByRole('textbox', { name: 'Name' }).fill('dropped');
  await dropFiles(page.getByRole('navigation', { name: 'Steps' }), [microImage(program)]);
  await expect(page.getByRole('radio', { name: /^Upload/ })).toBeChecked();
  await expect(page.getByText(/\(qcow2\)$/).first()).toBeVisible();
  await expect(page.getByText('It is in the volume').first()).toBeVisible({ timeout: 120_000 });
  expect((await createAndAsk(page, project, 'dropped')).hostname).toBe('dropped');
});

test('a VMDK, and an OVF with its disk beside it', async ({ page, program, project }) => {
  const { folder, vmdk, ovf } = appliance(program);
  try {
    await begin(page, project, 'vmdk', /^Upload/);
    await page.locator('input[type=file]').first().setInputFiles(vmdk);
    await expect(page.getByText('loom-disk1.vmdk (vmdk)').first()).toBeVisible();
    await expect(page.getByText('It is in the volume').first()).toBeVisible({ timeout: 120_000 });
    expect((await createAndAsk(page, project, 'vmdk')).hostname).toBe('vmdk');

    await openWizard(page, project);
    await dropFiles(page.getByRole('navigation', { name: 'Steps' }), [ovf, vmdk]);
    const dialog = page.getByRole('dialog', { name: 'Virtual appliance' });
    await expect(dialog.getByText('2 vCPU, 192 MiB')).toBeVisible();
    await dialog.getByRole('button', { name: 'Take over and upload' }).click();
    const upload = page.getByRole('group', { name: 'loom-disk1.vmdk' }).last();
    await expect(upload.getByText('It is in the volume')).toBeVisible({ timeout: 120_000 });
    expect((await createAndAsk(page, project, 'loom-appliance')).hostname).toBe('loom-appliance');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('YAML, with more than the form shows', async ({ page, program, project }) => {
  await begin(page, project, 'written', /^Boot source/);
  await goTo(page, 'CPU and memory');
  await page.getByRole('combobox', { name: 'Instance type' }).selectOption('');
  await page.getByRole('spinbutton', { name: 'Memory', exact: true }).fill('192');
  await page.getByRole('combobox', { name: 'Unit of Memory', exact: true }).selectOption('MiB');
  await goTo(page, 'Review');
  await page.getByRole('button', { name: 'Edit as YAML' }).click();
  const yaml = page.getByRole('textbox', { name: 'VirtualMachine as YAML' });
  const text = await yaml.inputValue();
  const changed = text
    .replace('cores: 1', 'cores: 2')
    .replace(/^( +)networks:/m, '$1terminationGracePeriodSeconds: 5\n$1networks:');
  expect(changed).not.toBe(text);
  await yaml.fill(changed);
  await expect(page.getByText('The server has checked it and would create it')).toBeVisible();
  expect((await createAndAsk(page, project, 'written')).hostname).toBe('written');
  expect(await runInGuest(page, 'written', 'grep -c ^processor /proc/cpuinfo')).toBe('2');
  const grace = 'jsonpath={.spec.terminationGracePeriodSeconds}';
  expect(await kubectl(program, ['get', 'vmi/written', '-n', project, '-o', grace])).toBe('5');
});

test('several at once, by a pattern of names, each its own guest', async ({ page, project }) => {
  await begin(page, project, 'row-{n}-house', /^Boot source/);
  await page.getByRole('spinbutton', { name: 'How many' }).fill('2');
  await sizeOfRoot(page, 1);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created row-1-house, row-2-house')).toBeVisible();
  for (const name of ['row-1-house', 'row-2-house']) {
    await page.goto(vmPath(project, name, 'console'));
    await logIn(page, name);
    expect(await runInGuest(page, name, 'hostname')).toBe(name);
  }
});
