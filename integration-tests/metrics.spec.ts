import { expect, listPath, rowOf, test, vmPath } from './fixtures.ts';
import { createVm } from './kubectl.ts';

test('what a VM uses is seen on its page, in charts and in the list', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'busy', namespace: project });

  await test.step('charts have what Prometheus gathered from the guest', async () => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('query_range')) asked.push(request.url());
    });
    await page.goto(vmPath(project, 'busy', 'metrics'));
    // CPU, memory, three of the storage, two of the network, two of migrations: a query for each.
    const queries = () => asked.map((url) => new URL(url).searchParams.get('query'));
    await expect.poll(() => new Set(queries()).size).toBe(9);
    const chart = page.getByRole('img', { name: /^Memory use: .*Total 160 MiB/ });
    // The guest boots, is asked every 15 s, and the chart is drawn anew as often.
    await expect(chart).toBeVisible({ timeout: 90_000 });
    await expect(page.getByRole('img', { name: /^CPU use .*Used [\d.]+/ })).toBeVisible({
      timeout: 60_000,
    });
    expect(new Set(queries()).size, 'one query a chart, also when it is asked again').toBe(9);
  });

  await test.step('the charts have one crosshair', async () => {
    await page.getByRole('img', { name: /^Memory use/ }).hover();
    const times = page.getByRole('listitem').filter({ hasText: /^\d+\/\d+\/\d+, \d+:\d+:\d+/ });
    await expect.poll(() => times.count()).toBeGreaterThan(1);
    expect(new Set(await times.allTextContents()).size, 'the same moment').toBe(1);
    await page.getByRole('combobox', { name: 'Time' }).hover();
  });

  await test.step('a part of the time is dragged over, and given back', async () => {
    const chart = page.getByRole('img', { name: /^Memory use/ });
    const box = await chart.boundingBox();
    if (!box) throw new Error('The chart has no place.');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.6, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, y, { steps: 4 });
    const zoomed = page.waitForRequest((request) => {
      const { searchParams } = new URL(request.url());
      const seconds = Number(searchParams.get('end')) - Number(searchParams.get('start'));
      return request.url().includes('query_range') && seconds < 3000;
    });
    await page.mouse.up();
    await zoomed;
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await expect(page.getByRole('combobox', { name: 'Time' })).toHaveValue('3600');
  });

  await test.step('another time is chosen, and remembered', async () => {
    const asked = page.waitForRequest((request) => {
      const { searchParams } = new URL(request.url());
      return Number(searchParams.get('end')) - Number(searchParams.get('start')) >= 86_000;
    });
    await page.getByRole('combobox', { name: 'Time' }).selectOption({ label: 'Last day' });
    await asked;
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Time' })).toHaveValue('86400');
  });

  await test.step('the overview has it at a glance', async () => {
    await page.goto(vmPath(project, 'busy'));
    await expect(page.getByRole('region', { name: 'Use', exact: true })).toContainText(
      /MiB of 160 MiB/,
    );
  });

  await test.step('the list has a column of it', async () => {
    await page.goto(listPath(project));
    await page.getByRole('button', { name: 'Manage columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Manage columns' });
    await dialog.getByRole('checkbox', { name: 'Memory use' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(rowOf(page, 'busy').locator('[data-label="Memory use"]')).toContainText('MiB');
  });
});

test('without Prometheus the tab says so, and the list offers no such columns', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'quiet', namespace: project, runStrategy: 'Halted' });
  // What a console without monitoring answers.
  await page.route('**/api/prometheus*/**', (route) =>
    route.fulfill({ status: 404, json: { message: 'No Prometheus is configured.' } }),
  );
  await page.goto(vmPath(project, 'quiet', 'metrics'));
  await expect(page.getByRole('heading', { name: 'There are no metrics' })).toBeVisible();
  await expect(page.getByText('No Prometheus is configured.')).toBeVisible();
  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Manage columns' }).click();
  const dialog = page.getByRole('dialog', { name: 'Manage columns' });
  await expect(dialog.getByRole('checkbox', { name: 'Memory', exact: true })).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: 'Memory use' })).toBeHidden();
});
