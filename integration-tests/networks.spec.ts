import { expect, listPath, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';

test('a network interface is plugged into a running VM and unplugged again', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
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
  const shell = await page.context().newPage();
  await shell.goto(vmPath(project, 'wired', 'console'));
  await logIn(shell, 'wired');
  /** What the guest itself says, until it is as wanted. */
  const expectInGuest = (command: string, wanted: string) =>
    expect
      .poll(() => runInGuest(shell, 'wired', command), { message: command, timeout: 60_000 })
      .toBe(wanted);
  const cards = 'ls /sys/class/net | grep -vc lo';
  await expectInGuest(cards, '1');
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
    await expectInGuest(cards, '2');
    const carrier = 'ip link set eth1 up; cat /sys/class/net/eth1/carrier';
    await expectInGuest(carrier, '1');
  });

  await test.step('its cable is pulled', async () => {
    await page.getByRole('button', { name: /^Actions for nic/ }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('checkbox', { name: 'Cable plugged in' }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(row('backend')).toContainText('Cable unplugged');
    await expectInGuest('cat /sys/class/net/eth1/carrier', '0');
  });

  await test.step('it is unplugged and leaves the VM', async () => {
    await page.getByRole('button', { name: /^Actions for nic/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(row('backend')).toHaveCount(0, { timeout: 30_000 });
    await expectInGuest(cards, '1');
    const networks = await kubectl(program, [
      ...['get', 'vm', 'wired', '--namespace', project],
      ...['-o', 'jsonpath={.spec.template.spec.networks[*].name}'],
    ]);
    expect(networks).toBe('default');
  });
});
