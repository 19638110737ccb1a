import { expect, listPath, rowOf, test } from './fixtures.ts';
import { kubectl, vmManifest, waitForStatus } from './kubectl.ts';

test('what kubectl does is seen in the open list, and the other way round', async ({
  page,
  program,
  project,
}) => {
  await page.goto(listPath(project));
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  // It would be lost if the page were loaded again.
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));

  const vm = { name: 'depot', namespace: project };
  const applied = await kubectl(program, ['apply', '-f', '-'], vmManifest(vm));
  expect(applied).toBe('virtualmachine.kubevirt.io/depot created');
  const row = rowOf(page, 'depot');
  await expect(row).toBeVisible({ timeout: 5000 });
  await waitForStatus(program, vm, 'Running');
  await expect(row.getByText('Running', { exact: true })).toBeVisible();

  const all = await kubectl(program, ['get', 'vm,vmi,pods,nodes', '--all-namespaces']);
  const line = (pattern: string) => new RegExp(`^${project}\\s+${pattern}`, 'm');
  expect(all).toMatch(line('virtualmachine.kubevirt.io/depot\\s+\\S+\\s+Running\\s+True'));
  expect(all).toMatch(line('virtualmachineinstance.kubevirt.io/depot\\s+\\S+\\s+Running\\s+\\d'));
  expect(all).toMatch(line('pod/virt-launcher-depot-\\w+\\s+2/2\\s+Running'));
  expect(all).toMatch(/node\/node-1\s+Ready/);
  expect(all).toMatch(/node\/node-2\s+Ready/);

  const same = await kubectl(program, ['apply', '-f', '-'], vmManifest(vm));
  expect(same).toBe('virtualmachine.kubevirt.io/depot unchanged');

  await kubectl(program, ['delete', 'vm', 'depot', '--namespace', project]);
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
});
