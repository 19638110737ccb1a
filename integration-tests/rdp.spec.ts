import { readFileSync } from 'node:fs';

import type { Download, Page } from '@playwright/test';

import { expect, test, vmPath } from './fixtures.ts';
import { greeting } from './greeting.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';

async function saved(page: Page, press: () => Promise<void>): Promise<Download> {
  const download = page.waitForEvent('download');
  await press();
  return download;
}

test('a Windows guest is reached by a file and a command', async ({ page, program, project }) => {
  await createVm(program, { name: 'desk', namespace: project });
  await page.goto(vmPath(project, 'desk', 'console'));
  await expect(page.getByRole('button', { name: 'Screen (VNC)' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Desktop (RDP)' })).toHaveCount(0);

  // The guest is not Windows: it says so, and answers at the port.
  await logIn(page, 'desk');
  await runInGuest(page, 'desk', "sed -i 's/^ID=.*/ID=mswindows/' /etc/os-release && echo done");
  await runInGuest(page, 'desk', 'httpd -p 3389 -h /www && echo up');
  // The agent is asked from time to time.
  await expect(page.getByRole('button', { name: 'Desktop (RDP)' })).toBeVisible({
    timeout: 100_000,
  });
  await page.getByRole('button', { name: 'Desktop (RDP)' }).click();
  await expect(page).toHaveURL(/console=rdp/);
  await expect(page.getByRole('textbox', { name: 'Command that forwards the port' })).toHaveValue(
    `virtctl port-forward --namespace ${project} vm/desk 13389:3389`,
  );
  const local = await saved(page, () =>
    page.getByRole('button', { name: 'Download the .rdp file for localhost:13389' }).click(),
  );
  expect(local.suggestedFilename()).toBe('desk-localhost.rdp');
  expect(readFileSync(await local.path(), 'utf8')).toContain('full address:s:localhost:13389\r\n');

  await page.getByRole('button', { name: 'Create a NodePort Service' }).click();
  const file = page.getByRole('button', { name: /Download the \.rdp file for 127/ });
  const text = readFileSync(await (await saved(page, () => file.click())).path(), 'utf8');
  const [, host = '', port = ''] = /^full address:s:(.*):(\d+)\r$/m.exec(text) ?? [];
  const nodePort = await kubectl(program, [
    ...['get', 'service', 'desk-rdp', '--namespace', project],
    ...['--output', 'jsonpath={.spec.ports[0].nodePort}'],
  ]);
  expect(port).toBe(nodePort);
  await expect(async () => {
    expect(await greeting(host, Number(port), 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP/);
  }).toPass({ timeout: 60_000 });
});
