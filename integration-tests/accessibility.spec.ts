import type { Locator, Page } from '@playwright/test';

import { expectAccessible, expectGoodDialog, type Theme } from './axe.ts';
import { expect, listPath, rowOf, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import type { Program } from './program.ts';
import { screenOf, waitForLogin } from './screen.ts';
import { goTo, openWizard } from './wizard.ts';

const cluster = '/k8s/cluster/instancetype.kubevirt.io~v1beta1~VirtualMachineCluster';

function templatesPath(project: string): string {
  return `/k8s/ns/${project}/template.kubevirt.io~v1beta1~VirtualMachineTemplate`;
}

/**
 * PatternFly puts an open menu at the end of the document, where no table can cut it off; the button that
 * opened it has the focus moved there.
 */
const menuIsElsewhere = { except: ['region'] };

/** Opens a dialog, looks at it and closes it. */
async function lookAtDialog(
  page: Page,
  what: string,
  open: () => Promise<void>,
  themes?: readonly Theme[],
): Promise<void> {
  await open();
  const dialog = page.getByRole('dialog');
  await expectGoodDialog(page, dialog, what, themes);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

/** The dialogs behind the items of a menu. */
async function lookAtActions(page: Page, name: string, actions: readonly string[]): Promise<void> {
  for (const action of actions) {
    await lookAtDialog(page, `${action}: ${name}`, () => takeAction(page, name, action));
  }
}

/** A page by its address, once the mark of what it is about is there. */
async function lookAt(
  page: Page,
  what: string,
  address: string,
  mark: (page: Page) => Locator,
): Promise<void> {
  await page.goto(address);
  await expect(mark(page)).toBeVisible();
  await expectAccessible(page, what);
}

/** A guest that boots, one that is off, one without a VM that is meant for Windows, and a template. */
async function createAll(program: Program, project: string): Promise<void> {
  const create = (object: object) => kubectl(program, ['create', '-f', '-'], object);
  await createVm(program, { name: 'plain', namespace: project });
  await createVm(program, { name: 'idle', namespace: project, runStrategy: 'Halted' });
  await create({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      ...{ name: 'alone', namespace: project },
      annotations: { 'vm.kubevirt.io/os': 'windows11' },
    },
    spec: {
      // Without a system nobody hears the power button.
      terminationGracePeriodSeconds: 0,
      domain: { devices: {}, memory: { guest: '64Mi' } },
    },
  });
  await create({
    apiVersion: 'template.kubevirt.io/v1beta1',
    kind: 'VirtualMachineTemplate',
    metadata: { name: 'mill', namespace: project },
    spec: {
      parameters: [{ name: 'NAME', required: true }],
      virtualMachine: {
        metadata: { name: '${NAME}' },
        spec: {
          runStrategy: 'Halted',
          template: { spec: { domain: { devices: {}, memory: { guest: '64Mi' } } } },
        },
      },
    },
  });
}

async function lookAtLists(page: Page, project: string): Promise<void> {
  await page.goto(listPath(project));
  await expect(rowOf(page, 'plain').getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for idle' }).click();
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeVisible();
  await expectAccessible(page, 'the list with a menu open', menuIsElsewhere);
  await page.keyboard.press('Escape');

  const search = page.getByRole('combobox', { name: 'Search' });
  await search.pressSequentially('status:');
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectAccessible(page, 'the search with what completes it', menuIsElsewhere);
  await search.fill('name:idle');
  await search.press('Enter');
  await page.getByRole('checkbox', { name: 'Select idle' }).check();
  await page.getByRole('button', { name: 'Recent tasks' }).click();
  await expectAccessible(page, 'the list with a chip, a selection and the recent tasks');
  await page.getByRole('button', { name: 'Recent tasks' }).click();
  await lookAtDialog(page, 'the dialog of columns', () =>
    page.getByRole('button', { name: 'Manage columns' }).click(),
  );
  for (const action of ['Edit labels and annotations', /^Delete/]) {
    await lookAtDialog(page, `of the selected: ${String(action)}`, async () => {
      await page.getByRole('button', { name: 'Actions for 1 selected' }).click();
      await page.getByRole('menuitem', { name: action }).click();
    });
  }
  await search.fill('name:nobody');
  await search.press('Enter');
  await expectAccessible(page, 'a list in which nothing matches');
  await lookAt(page, 'the screens of the list', `${listPath(project)}?view=screens`, () =>
    page.getByRole('img', { name: 'Screen of plain' }),
  );
  await page.route('**/virtualmachines?*', (route) =>
    route.fulfill({ status: 500, json: { message: 'broken' } }),
  );
  await lookAt(page, 'a list that cannot be loaded', listPath(project), () =>
    page.getByRole('button', { name: 'Retry' }),
  );
  await page.unroute('**/virtualmachines?*');
}

async function lookAtTabs(page: Page, project: string): Promise<void> {
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  await page.goto(vmPath(project, 'plain'));
  await expect(page.getByRole('region', { name: 'Events' }).getByRole('listitem')).not.toHaveCount(
    0,
  );
  await expectAccessible(page, 'the overview');
  await lookAtActions(page, 'plain', [
    ...['Stop', 'Migrate', 'Clone', 'Take snapshot', 'Edit labels and annotations'],
    ...['Run strategy', 'Delete'],
  ]);
  await takeAction(page, 'plain', 'Show commands');
  await expect(page.getByRole('dialog', { name: 'Commands for plain' })).toBeVisible();
  await expectAccessible(page, 'the commands', { within: '[role=dialog]' });
  await page.keyboard.press('Escape');
  await tab('Configuration');
  await expect(page.getByRole('button', { name: 'Edit Host name' })).toBeVisible();
  await expectAccessible(page, 'the configuration');
  for (const button of await page.getByRole('button', { name: /^Edit / }).all()) {
    const what = (await button.getAttribute('aria-label')) ?? '';
    // All of one make: in dark they are as the dialogs before them.
    await lookAtDialog(page, what, () => button.click(), ['light']);
  }
  await tab('Disks');
  await expect(page.getByRole('grid', { name: 'Disks' })).toContainText('1 GiB');
  await expectAccessible(page, 'the disks');
  await lookAtDialog(page, 'a new disk', () =>
    page.getByRole('button', { name: 'Add disk' }).click(),
  );
  await lookAtActions(page, 'root', ['Resize']);
  await tab('Network');
  await expect(page.getByRole('grid', { name: 'Network interfaces' })).toBeVisible();
  await expectAccessible(page, 'the network interfaces');
  await lookAtDialog(page, 'a new network interface', () =>
    page.getByRole('button', { name: 'Add network interface' }).click(),
  );
  await tab('Snapshots');
  await expect(page.getByText('No snapshots yet.')).toBeVisible();
  await expectAccessible(page, 'the snapshots');
  await tab('Metrics');
  await expect(page.getByRole('img', { name: /^Memory use/ })).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page, 'the metrics');
  await tab('Events');
  await expect(page.getByText('SuccessfulCreate').first()).toBeVisible();
  await expectAccessible(page, 'the events');
  await tab('Diagnostics');
  await expect(page.getByRole('region', { name: 'Logs' })).toContainText('plain login');
  await expectAccessible(page, 'the diagnostics');
  await tab('YAML');
  await expect(page.getByText('kind: VirtualMachine')).toBeVisible();
  await expectAccessible(page, 'the YAML');
  await page.getByRole('button', { name: 'Edit YAML' }).click();
  await expect(page.getByRole('textbox', { name: 'YAML of plain' })).toBeVisible();
  await expectAccessible(page, 'the YAML being edited');
}

async function lookAtConsoles(page: Page, project: string): Promise<void> {
  const kind = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await page.goto(vmPath(project, 'plain', 'console'));
  await waitForLogin(screenOf(page, 'plain'));
  await expectAccessible(page, 'the screen');
  for (const tool of ['Type text', 'Clipboard', 'Send keys', 'Display']) {
    await kind(tool);
    await expectAccessible(page, `the screen: ${tool}`, { within: '.vd-console' });
    await (tool === 'Send keys' || tool === 'Display' ? page.keyboard.press('Escape') : kind(tool));
  }
  await kind('Serial');
  await expect(page.getByText('Press Enter for a prompt.')).toBeVisible();
  await expectAccessible(page, 'the serial line');
  await kind('SSH');
  await page.getByRole('radio', { name: 'Private key' }).check();
  await expectAccessible(page, 'the login by SSH');
  await lookAt(page, 'a window of its own', `/virtdeck/console/${project}/plain`, () =>
    screenOf(page, 'plain'),
  );
  await lookAt(page, 'the console of a VM that is off', vmPath(project, 'idle', 'console'), () =>
    page.getByRole('heading', { name: 'idle is not running' }),
  );
}

async function lookAtCatalogue(page: Page, project: string): Promise<void> {
  await lookAt(
    page,
    'the boot sources',
    '/k8s/ns/kubevirt-os-images/cdi.kubevirt.io~v1beta1~DataSource',
    () => page.getByRole('row').filter({ hasText: 'micro' }).first(),
  );
  await lookAtDialog(page, 'a new boot source', () =>
    page.getByRole('button', { name: 'Add boot source' }).click(),
  );
  await lookAt(page, 'the instance types', `${cluster}Instancetype`, () =>
    page.getByRole('link', { name: 'cx1.medium', exact: true }),
  );
  await lookAtDialog(page, 'a new instance type', () =>
    page.getByRole('button', { name: 'Create instance type' }).click(),
  );
  await lookAt(page, 'an instance type', `${cluster}Instancetype/cx1.medium`, () =>
    page.getByRole('region', { name: 'CPU and memory' }),
  );
  await lookAt(page, 'the preferences', `${cluster}Preference`, () =>
    page.getByRole('link', { name: 'alpine', exact: true }),
  );
  await lookAt(page, 'a preference', `${cluster}Preference/fedora`, () =>
    page.getByRole('region', { name: 'Details' }),
  );
  await lookAt(page, 'the templates', templatesPath(project), () =>
    page.getByRole('link', { name: 'mill' }),
  );
  for (const item of ['From a virtual machine', 'By form or YAML']) {
    await lookAtDialog(page, `a new template: ${item}`, async () => {
      await page.getByRole('button', { name: 'Create template' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    });
  }
  await lookAt(page, 'a template', `${templatesPath(project)}/mill`, () =>
    page.getByRole('heading', { name: 'mill', level: 1 }),
  );
  await lookAtActions(page, 'mill', ['Create virtual machine', 'Edit', 'Delete']);
  const instances = `/k8s/ns/${project}/kubevirt.io~v1~VirtualMachineInstance`;
  await lookAt(page, 'instances without a VM', instances, () => rowOf(page, 'alone'));
  await lookAt(page, 'an instance without a VM', `${instances}/alone`, () =>
    page.getByRole('heading', { name: 'alone', level: 1 }),
  );
  await lookAt(page, 'the desktop by RDP', `${instances}/alone/console?console=rdp`, () =>
    page.getByRole('heading', { name: 'Through the API of the cluster' }),
  );
}

test('nothing that there is before the first VM has a fault that axe can find', async ({
  page,
  project,
}) => {
  await lookAt(page, 'the empty list', listPath(project), () =>
    page.getByRole('heading', { name: 'No virtual machines yet' }),
  );
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('-');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByText('Begin and end with a letter or a digit.')).toBeVisible();
  await dialog.getByRole('button', { name: 'View YAML' }).click();
  await expectGoodDialog(page, dialog, 'the dialog that creates, with an error');

  await openWizard(page, project);
  await expectAccessible(page, 'the wizard: Name and source');
  for (const step of [
    ...['CPU and memory', 'Disks', 'Networks', 'First start', 'Running and placement', 'Review'],
  ]) {
    await goTo(page, step);
    await expectAccessible(page, `the wizard: ${step}`);
  }
  await lookAt(page, 'the empty list of templates', templatesPath(project), () =>
    page.getByRole('heading', { name: 'No templates yet' }),
  );
  await lookAt(page, 'the page of a VM that there is not', vmPath(project, 'nobody'), () =>
    page.getByRole('heading', { name: /no virtual machine nobody/ }),
  );
  await lookAt(page, 'a page that there is not', '/no/such/page', () =>
    page.getByRole('heading', { name: 'Page not found' }),
  );
});

test('no page, tab, dialog or console has a fault that axe can find, light or dark', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(600_000);
  await createAll(program, project);

  await test.step('lists', () => lookAtLists(page, project));

  await test.step('consoles', () => lookAtConsoles(page, project));

  await test.step('tabs of a VM', () => lookAtTabs(page, project));

  await test.step('catalogue and instances', () => lookAtCatalogue(page, project));
});
