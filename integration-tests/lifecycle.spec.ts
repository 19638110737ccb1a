import type { Page } from '@playwright/test';

import {
  confirm,
  expect,
  listPath,
  messages,
  onOwnHost,
  rowOf,
  takeAction,
  test,
  vmPath,
} from './fixtures.ts';
import { createVm, kubectl, waitForAgent, waitForStatus } from './kubectl.ts';
import type { Program } from './program.ts';
import { readScreen, screenOf, waitForLogin } from './screen.ts';

/** Identity of the guest's run: another one after each start. */
function runOf(program: Program, namespace: string, name: string): Promise<string> {
  const uid = 'jsonpath={.metadata.uid}';
  return kubectl(program, ['get', 'vmi', name, '--namespace', namespace, '--output', uid]);
}

async function expectOnPage(page: Page, status: string): Promise<void> {
  // Conditions and events use the same words: it is the one beside the name that counts.
  const header = page
    .locator('div')
    .filter({ has: page.getByRole('heading', { level: 1 }) })
    .last();
  await expect(header.getByText(status, { exact: true })).toBeVisible();
}

/** Checks the processes of guests, where they can be seen. */
async function expectGuests(
  program: Program,
  check: (pids: () => number[]) => Promise<void> | void,
): Promise<void> {
  await onOwnHost(program, async () => {
    await check(() => program.guestPids());
  });
}

test('a VM is paused, reset, restarted, stopped, started and deleted on its page', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  await createVm(program, { name: 'mill', namespace: project });
  const [process] = program.guestPids();
  const run = await runOf(program, project, 'mill');
  await page.goto(vmPath(project, 'mill'));
  const toasts = messages(page);

  await test.step('pause and unpause', async () => {
    await takeAction(page, 'mill', 'Pause');
    await expect(toasts.getByText('Paused mill')).toBeVisible();
    await expectOnPage(page, 'Paused');
    await takeAction(page, 'mill', 'Unpause');
    await expect(toasts.getByText('Unpaused mill')).toBeVisible();
    await expectOnPage(page, 'Running');
  });

  await test.step('reset begins anew in the same process', async () => {
    await page.getByRole('button', { name: 'Open console' }).click();
    const screen = screenOf(page, 'mill');
    const letters = await waitForLogin(screen);
    await takeAction(page, 'mill', 'Reset');
    await confirm(page, 'Reset mill?', 'Reset');
    await expect(toasts.getByText('Reset mill')).toBeVisible();
    await expect.poll(() => readScreen(screen, letters)).not.toContain(' login');
    await waitForLogin(screen);
    await expectGuests(program, (pids) => expect(pids()).toEqual([process]));
    expect(await runOf(program, project, 'mill')).toBe(run);
    await page.getByRole('tab', { name: 'Overview' }).click();
  });

  await test.step('restart', async () => {
    await takeAction(page, 'mill', 'Restart');
    await confirm(page, 'Restart mill?', 'Restart');
    await expect(toasts.getByText('Restarting mill')).toBeVisible();
    await expectGuests(program, (pids) => expect.poll(pids).not.toContain(process));
    await waitForStatus(program, { name: 'mill', namespace: project }, 'Running');
    await expectOnPage(page, 'Running');
    expect(await runOf(program, project, 'mill')).not.toBe(run);
  });

  await test.step('stop and start', async () => {
    // A guest that still boots does not heed the power button, and ends after its grace period only.
    await waitForAgent(program, { name: 'mill', namespace: project });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await confirm(page, 'Stop mill?', 'Stop');
    await expect(toasts.getByText('Stopping mill')).toBeVisible();
    await expectOnPage(page, 'Stopped');
    await expectGuests(program, (pids) => expect(pids()).toEqual([]));
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(toasts.getByText('Starting mill')).toBeVisible();
    await expectOnPage(page, 'Running');
    await expectGuests(program, (pids) => expect(pids()).toHaveLength(1));
  });

  await test.step('delete', async () => {
    await waitForAgent(program, { name: 'mill', namespace: project });
    await takeAction(page, 'mill', 'Delete');
    await expect(page.getByRole('dialog').getByText('mill-rootdisk')).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(toasts.getByText('Deleting mill')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
    await expectGuests(program, (pids) => expect(pids()).toEqual([]));
    const disks = ['get', 'pvc', '--namespace', project, '--output', 'name'];
    await expect.poll(() => kubectl(program, disks)).toBe('');
  });
});

test('the menu of a row does the same', async ({ page, program, project }) => {
  await createVm(program, { name: 'forge', namespace: project, runStrategy: 'Halted' });
  await page.goto(listPath(project));
  const row = rowOf(page, 'forge');
  const toasts = messages(page);

  await takeAction(page, 'forge', 'Start');
  await expect(toasts.getByText('Starting forge')).toBeVisible();
  await expect(row.getByText('Running', { exact: true })).toBeVisible();

  await takeAction(page, 'forge', 'Pause');
  await expect(toasts.getByText('Paused forge')).toBeVisible();
  await expect(row.getByText('Paused', { exact: true })).toBeVisible();

  await takeAction(page, 'forge', 'Force stop');
  await confirm(page, 'Force forge to stop?', 'Force stop');
  await expect(toasts.getByText('Stopping forge by force')).toBeVisible();
  await expect(row.getByText('Stopped', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for forge' }).click();
  const stop = page.getByRole('menuitem', { name: /^Stop/ });
  await expect(stop).toBeDisabled();
  await expect(stop).toContainText('The virtual machine is stopped already.');
  await page.keyboard.press('Escape');

  await takeAction(page, 'forge', 'Delete');
  await confirm(page, 'Delete forge?', 'Delete');
  await expect(toasts.getByText('Deleting forge')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
});

test('what the server refuses stays on the screen in its words', async ({
  page,
  program,
  project,
}) => {
  await test.step('in the dialog that asked', async () => {
    await createVm(program, { name: 'gone', namespace: project, runStrategy: 'Halted' });
    await page.goto(listPath(project));
    await takeAction(page, 'gone', 'Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete gone?' });
    await kubectl(program, ['delete', 'vm', 'gone', '--namespace', project]);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(dialog.getByText('virtualmachines.kubevirt.io "gone" not found')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('as a message that is not taken away', async () => {
    await kubectl(program, ['create', '-f', '-'], vmWithoutDisk(project));
    const row = rowOf(page, 'lost');
    await expect(row.getByText('Stopped', { exact: true })).toBeVisible();
    await takeAction(page, 'lost', 'Start');
    await expect(messages(page).getByText('Starting lost')).toBeVisible();
    await expect(row.getByText('Volume claim not found')).toBeVisible();
    await page.getByRole('button', { name: 'Actions for lost' }).click();
    // The server is asked before the click.
    await expect(
      page.getByRole('menuitem', { name: /^Start .*VM is already running/ }),
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await page.route(/\/start(\?|$)/, (route, request) =>
      /dryRun/.test(request.url() + (request.postData() ?? '')) ? route.abort() : route.continue(),
    );
    await takeAction(page, 'lost', 'Start');
    const failure = messages(page)
      .getByRole('listitem')
      .filter({ hasText: 'lost could not be started' });
    await expect(failure.getByText('"lost": VM is already running')).toBeVisible();
    // Messages of success go by themselves; when that has gone, this one is still there.
    await expect(messages(page).getByText('Starting lost')).toBeHidden();
    await expect(failure).toBeVisible();
    await failure.getByRole('button', { name: /^Close/ }).click();
    await expect(failure).toBeHidden();
  });
});

/** It can be started, waits for a disk that nobody made, and cannot be started again. */
function vmWithoutDisk(namespace: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'lost', namespace },
    spec: {
      runStrategy: 'Manual',
      template: {
        spec: {
          domain: {
            memory: { guest: '128Mi' },
            devices: { disks: [{ name: 'data', disk: { bus: 'virtio' } }] },
          },
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'never-made' } }],
        },
      },
    },
  };
}
