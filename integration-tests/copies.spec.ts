import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

import { expect, messages, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';

test('a snapshot is taken and restored, and the VM cloned', async ({ page, program, project }) => {
  const vm = { name: 'loom', namespace: project, runStrategy: 'Halted' } as const;
  await createVm(program, vm);
  await page.goto(vmPath(project, 'loom', 'snapshots'));
  await page.getByRole('button', { name: 'Take snapshot' }).click();
  const take = page.getByRole('dialog', { name: 'Take a snapshot of loom' });
  await take.getByLabel('Name').fill('before');
  await take.getByRole('button', { name: 'Take snapshot' }).click();
  const row = page.getByRole('row').filter({ hasText: 'before' });
  await expect(row.getByText('Ready')).toBeVisible();

  const claimUid = () =>
    kubectl(program, [
      ...['get', 'pvc', 'loom-rootdisk', '--namespace', project],
      ...['--output', 'jsonpath={.metadata.uid}'],
    ]);
  const uid = await claimUid();
  await takeAction(page, 'before', 'Restore');
  const restore = page.getByRole('dialog', { name: 'Put loom back to this snapshot?' });
  await restore.getByLabel('Keep the names of its volume claims').check();
  await restore.getByRole('button', { name: 'Restore' }).click();
  await kubectl(program, [
    ...['wait', 'vmrestore', '--all', '--namespace', project],
    ...['--for', 'jsonpath={.status.complete}=true', '--timeout', '60s'],
  ]);
  expect(await claimUid()).not.toBe(uid);

  await takeAction(page, 'loom', 'Clone');
  const clone = page.getByRole('dialog', { name: 'Clone loom' });
  await clone.getByLabel('Name').fill('Loom');
  await expect(clone.getByLabel('Name')).toHaveAccessibleDescription(
    /Use small letters a to z, digits and hyphens./,
  );
  await clone.getByLabel('Name').fill('loom-2');
  await clone.getByRole('button', { name: 'Clone' }).click();
  await expect(messages(page).getByText('Cloning loom')).toBeVisible();
  await page.getByRole('button', { name: 'Recent tasks' }).click();
  const tasks = page.getByRole('row').filter({ hasText: 'Clone' });
  // The request and the object that it made are one task.
  await expect(tasks).toHaveText(/Succeeded/);
  await expect(tasks.getByRole('link', { name: 'loom-2' })).toBeVisible();
  await waitForStatus(program, { name: 'loom-2', namespace: project }, 'Stopped');
});

test('a disk is exported and downloaded', async ({ page, program, project }) => {
  await createVm(program, { name: 'kiln', namespace: project, runStrategy: 'Halted' });
  await page.goto(vmPath(project, 'kiln'));
  await takeAction(page, 'kiln', 'Export');
  const ask = page.getByRole('dialog', { name: 'Export kiln' });
  await ask.getByRole('button', { name: 'Export' }).click();
  const link = page.getByRole('link', { name: 'Download kiln-rootdisk as gzip' });
  const coming = page.waitForEvent('download');
  await link.click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('kiln-rootdisk.img.gz');
  let bytes = 0;
  const unpacked = createReadStream(await download.path()).pipe(createGunzip());
  for await (const chunk of unpacked) bytes += (chunk as Buffer).length;
  expect(bytes).toBe(2 ** 30);
  await page.getByRole('button', { name: 'Stop offering it' }).click();
  await kubectl(program, [
    ...['wait', 'vmexport', '--all', '--namespace', project],
    ...['--for', 'delete', '--timeout', '60s'],
  ]);
});
