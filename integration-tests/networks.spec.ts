import { expect, listPath, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

test('a network interface is plugged into a running VM and unplugged again', async ({
  page,
  program,
  project,
}) => {
  const network = (name: string, bridge: string) => ({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name, namespace: project },
    spec: { config: JSON.stringify({ cniVersion: '0.3.1', name, type: 'bridge', bridge }) },
  });
  await kubectl(program, ['create', '-f', '-'], network('backend', 'br1'));
  await createVm(program, { name: 'wired', namespace: project });
  // A guest that has not booted gives nothing away.
  await kubectl(program, [
    ...['wait', 'vmi/wired', '--namespace', project],
    ...['--for', 'condition=AgentConnected', '--timeout', '120s'],
  ]);
  await page.goto(`${listPath(project)}/wired/network`);
  const row = (name: string) =>
    page
      .getByRole('grid', { name: 'Network interfaces' })
      .getByRole('row')
      .filter({ hasText: name });
  await expect(row('Pod network')).toContainText('Plugged in');

  await test.step('it is plugged in without a restart', async () => {
    await page.getByRole('button', { name: 'Add network interface' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add network interface' });
    await dialog.getByRole('combobox', { name: 'Network' }).selectOption('backend');
    await expect(dialog.getByText('it takes effect after a restart')).toBeHidden();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(row('backend')).toContainText('Plugged in');
    await expect(page.getByText(/^Changes (wait for|take effect after) a restart/)).toBeHidden();
  });

  await test.step('its cable is pulled', async () => {
    await page.getByRole('button', { name: /^Actions for nic/ }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('checkbox', { name: 'Cable plugged in' }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(row('backend')).toContainText('Cable unplugged');
  });

  await test.step('it is unplugged and leaves the VM', async () => {
    await page.getByRole('button', { name: /^Actions for nic/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(row('backend')).toHaveCount(0, { timeout: 30_000 });
    const networks = await kubectl(program, [
      ...['get', 'vm', 'wired', '--namespace', project],
      ...['-o', 'jsonpath={.spec.template.spec.networks[*].name}'],
    ]);
    expect(networks).toBe('default');
  });
});
