import { existsSync } from 'node:fs';

import { expect, listPath, rowOf, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';

/** The kernel makes it anew at each boot. */
const bootId = 'cat /proc/sys/kernel/random/boot_id';

test.describe.configure({ timeout: 240_000 });

test('after Ctrl-C and another start everything is as it was', async ({
  page,
  context,
  ownProgram: program,
  project,
}) => {
  await createVm(program, { name: 'runs', namespace: project });
  await createVm(program, { name: 'rests', namespace: project, runStrategy: 'Halted' });
  const list = await context.newPage();
  await list.goto(listPath(project));
  await expect(rowOf(list, 'runs').getByText('Running', { exact: true })).toBeVisible();
  await page.goto(vmPath(project, 'runs', 'console'));
  await logIn(page, 'runs');
  const boot = await runInGuest(page, 'runs', bootId);
  expect(boot).toMatch(/^[0-9a-f-]{36}$/);
  expect(await runInGuest(page, 'runs', 'echo kept > /root/note && cat /root/note')).toBe('kept');
  const [guest = 0] = program.guestPids();

  const { code, output } = await program.stop();
  expect(code).toBe(0);
  expect(output).toContain('Shutting down 1 virtual machine');
  expect(existsSync(`/proc/${guest}`), 'the guest is down').toBe(false);
  await expect(list.getByText('The connection is lost; trying again')).toBeVisible();

  const { url } = program;
  await program.start();
  expect(program.url, 'the address and its key stay').toBe(url);

  await test.step('pages that were open go on', async () => {
    await expect(list.getByText('The connection is lost; trying again')).toBeHidden();
    await expect(rowOf(list, 'runs').getByText('Running', { exact: true })).toBeVisible();
    await expect(rowOf(list, 'rests').getByText('Stopped', { exact: true })).toBeVisible();
  });

  await page.goto(vmPath(project, 'runs', 'console'));
  await logIn(page, 'runs');
  expect(await runInGuest(page, 'runs', 'cat /root/note')).toBe('kept');
  expect(await runInGuest(page, 'runs', bootId), 'it was booted anew').not.toBe(boot);
});

test('guests live through a crash of the program', async ({
  page,
  ownProgram: program,
  project,
}) => {
  await createVm(program, { name: 'tough', namespace: project });
  await page.goto(vmPath(project, 'tough', 'console'));
  await logIn(page, 'tough');
  const boot = await runInGuest(page, 'tough', bootId);
  const uptime = Number(await runInGuest(page, 'tough', 'cut -d. -f1 /proc/uptime'));
  const guests = program.guestPids();
  expect(guests).toHaveLength(1);

  await program.kill();
  expect(program.guestPids(), 'the guest does not notice').toEqual(guests);

  await program.start();
  await page.goto(vmPath(project, 'tough', 'console'));
  await logIn(page, 'tough');
  expect(await runInGuest(page, 'tough', bootId)).toBe(boot);
  expect(Number(await runInGuest(page, 'tough', 'cut -d. -f1 /proc/uptime'))).toBeGreaterThan(
    uptime,
  );
  expect(program.guestPids()).toEqual(guests);

  await test.step('it is still ours to command', async () => {
    await kubectl(program, ['delete', 'vm', 'tough', '--namespace', project]);
    await expect.poll(() => program.guestPids()).toEqual([]);
  });
});
