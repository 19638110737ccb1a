import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { test as base, expect, type Locator, type Page } from '@playwright/test';

import { kubectl } from './kubectl.ts';
import { OtherHost } from './OtherHost.ts';
import { Program } from './program.ts';

interface TestFixtures {
  /** A project of this test's own, removed with all that is in it. */
  project: string;
  /** The program, for those tests that end it or look into its folder; not with BASE_URL. */
  ownProgram: Program;
}

interface WorkerFixtures {
  /** One program for all tests. */
  program: Program;
}

let projects = 0;

/** `BASE_URL=http://.../?key=... KUBECONFIG=FILE npx playwright test` uses what runs there already. */
function otherHost(): OtherHost | undefined {
  const { BASE_URL: url, KUBECONFIG: kubeconfig } = process.env;
  if (!url) return undefined;
  if (!kubeconfig) throw new Error('With BASE_URL, KUBECONFIG names the file for kubectl.');
  return new OtherHost(url, kubeconfig);
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  program: [
    async ({}, use) => {
      const other = otherHost();
      if (other) {
        await use(other);
        return;
      }
      const dataDir = mkdtempSync(join(tmpdir(), 'virtdeck-journeys-'));
      const program = new Program(dataDir);
      try {
        await program.start();
        await kubectl(program, [
          ...['wait', 'datasource/micro', '--namespace', 'kubevirt-os-images'],
          ...['--for', 'condition=Ready', '--timeout', '120s'],
        ]);
        await use(program);
      } finally {
        await program.dispose();
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  ownProgram: async ({ program }, use, testInfo) => {
    testInfo.skip(program instanceof OtherHost, 'The host of BASE_URL is not ours to end.');
    await use(program);
  },
  baseURL: async ({ program }, use) => use(program.origin),
  // Every page is logged in, as after opening the printed address.
  context: async ({ context, program }, use) => {
    await context.request.get(program.url);
    await use(context);
  },
  page: async ({ page }, use) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await use(page);
    expect(errors, 'errors of scripts in the page').toEqual([]);
  },
  project: async ({ program }, use) => {
    projects += 1;
    // A host of others may have projects of earlier runs.
    const name = `journey-${process.pid}-${projects}`;
    await kubectl(program, ['create', 'namespace', name]);
    await use(name);
    await endGuests(program, name);
    await kubectl(program, ['delete', 'namespace', name, '--timeout', '60s']);
  },
});

export { expect };

/** Does what needs the program itself, its processes or its folder; left out with BASE_URL. */
export async function onOwnHost(program: Program, look: () => Promise<void>): Promise<void> {
  if (!(program instanceof OtherHost)) await look();
}

/** Ends the guests of a project at once: one that still boots would take all of its grace period. */
export async function endGuests(program: Program, project: string): Promise<void> {
  const inProject = ['--namespace', project];
  const vms = await kubectl(program, ['get', 'vm', '--output', 'name', ...inProject]);
  // Else each virtual machine would start its guest anew.
  const halted = JSON.stringify({ spec: { runStrategy: 'Halted' } });
  const names = vms.split('\n').filter((name) => name !== '');
  if (names.length > 0) {
    await kubectl(program, ['patch', ...names, '--type', 'merge', '--patch', halted, ...inProject]);
    // One that is protected would keep its project from its end.
    await kubectl(program, ['label', ...names, 'kubevirt.io/vm-delete-protection-', ...inProject]);
  }
  await kubectl(program, [
    ...['delete', 'virtualmachineinstances', '--all', ...inProject],
    ...['--grace-period=0', '--force', '--wait=false'],
  ]);
}

/** Address of the list: of one project, or of all. */
export function listPath(project?: string): string {
  const scope = project === undefined ? 'all-namespaces' : `ns/${project}`;
  return `/k8s/${scope}/kubevirt.io~v1~VirtualMachine`;
}

/** Address of the page of a VM, or of one of its tabs. */
export function vmPath(
  project: string,
  name: string,
  tab?: 'console' | 'disks' | 'metrics' | 'snapshots' | 'yaml',
): string {
  return [listPath(project), name, ...(tab === undefined ? [] : [tab])].join('/');
}

/** The row of a VM in the list. */
export function rowOf(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

/** The messages that appear above the page. */
export function messages(page: Page): Locator {
  return page.getByRole('list', { name: 'Messages' });
}

/** Opens the menu of a VM, in its row or on its page, and takes an action. */
export async function takeAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Confirms in the dialog that asks. */
export async function confirm(page: Page, title: string, button: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}
