import type { Page, Route, WebSocketRoute } from '@playwright/test';

import { expect, listPath, rowOf, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

type Answer = (route: Route) => Promise<void>;

/** What lies between the page and the API: it can answer in the API's place, and cut watches. */
class Line {
  #answer: Answer | undefined;
  readonly #sockets = new Set<WebSocketRoute>();

  static async into(page: Page): Promise<Line> {
    const line = new Line();
    await page.route('**/api/kubernetes/**', (route) => line.#request(route));
    await page.routeWebSocket(/\/api\/kubernetes\//, (socket) => line.#open(socket));
    return line;
  }

  /** All requests are answered so from now on, and no watch opens; those that are open are cut. */
  async breaks(answer: Answer): Promise<void> {
    this.#answer = answer;
    await this.cut();
  }

  heals(): void {
    this.#answer = undefined;
  }

  /** Ends all watches, after a last message. */
  async cut(lastMessage?: object): Promise<void> {
    const open = [...this.#sockets];
    this.#sockets.clear();
    for (const socket of open) {
      if (lastMessage) socket.send(JSON.stringify(lastMessage));
      await socket.close();
    }
  }

  async #request(route: Route): Promise<void> {
    await (this.#answer ? this.#answer(route) : route.continue());
  }

  #open(socket: WebSocketRoute): void {
    if (this.#answer) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    this.#sockets.add(socket);
  }
}

const status = (code: number, reason: string, message: string) => (route: Route) =>
  route.fulfill({
    status: code,
    json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
    headers: { 'retry-after': '1' },
  });

const gone = {
  type: 'ERROR',
  object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' },
};

/** Time goes on faster, so that what waits for the next try is done with it. */
async function hurry(page: Page): Promise<void> {
  await page.clock.fastForward(60_000);
}

const faults: readonly { name: string; answer: Answer; told: string }[] = [
  {
    name: 'answers 429',
    answer: status(429, 'TooManyRequests', 'the server has received too many requests'),
    told: 'the server has received too many requests',
  },
  {
    name: 'answers 500',
    answer: status(500, 'InternalError', 'etcdserver: request timed out'),
    told: 'etcdserver: request timed out',
  },
  {
    name: 'is away for a minute',
    answer: (route) => route.abort('connectionrefused'),
    told: 'You see the last known state.',
  },
];

test.describe.configure({ timeout: 300_000 });

test('the list goes on through faults of the API, and loses nothing', async ({
  page,
  program,
  project,
}) => {
  const halted = { namespace: project, runStrategy: 'Halted' } as const;
  await createVm(program, { ...halted, name: 'first' });
  await page.clock.install();
  const line = await Line.into(page);
  await page.goto(listPath(project));
  await expect(rowOf(page, 'first')).toBeVisible();
  const stale = page.getByText('You see the last known state.');

  await test.step('the watch is cut', async () => {
    await line.cut();
    await createVm(program, { ...halted, name: 'after-cut' });
    await hurry(page);
    await expect(rowOf(page, 'after-cut')).toBeVisible();
    await expect(rowOf(page, 'first')).toBeVisible();
  });

  await test.step('the server has forgotten where the watch was', async () => {
    await line.cut(gone);
    await kubectl(program, ['delete', 'vm', 'after-cut', '--namespace', project]);
    await hurry(page);
    await expect(rowOf(page, 'after-cut')).toBeHidden();
    await expect(rowOf(page, 'first')).toBeVisible();
  });

  for (const [index, { name, answer, told }] of faults.entries()) {
    await test.step(`the API ${name}`, async () => {
      await line.breaks(answer);
      await hurry(page);
      await expect(stale).toBeVisible();
      await expect(page.getByText(told).first()).toBeVisible();
      await expect(rowOf(page, 'first')).toBeVisible();
      await createVm(program, { ...halted, name: `meanwhile-${index}` });
      line.heals();
      await hurry(page);
      await expect(rowOf(page, `meanwhile-${index}`)).toBeVisible();
      await expect(stale).toBeHidden();
    });
  }
});

test('the page of a VM goes on through faults of the API', async ({ page, program, project }) => {
  await createVm(program, { name: 'solo', namespace: project, runStrategy: 'Halted' });
  await page.clock.install();
  const line = await Line.into(page);
  await page.goto(vmPath(project, 'solo'));
  const heading = page.getByRole('heading', { name: 'solo', level: 1 });
  await expect(heading).toBeVisible();
  const stale = page.getByText('You see the last known state.');

  for (const [index, { name, answer, told }] of faults.entries()) {
    await test.step(`the API ${name}`, async () => {
      await line.breaks(answer);
      await hurry(page);
      await expect(stale).toBeVisible();
      await expect(page.getByText(told).first()).toBeVisible();
      await expect(heading).toBeVisible();
      const note = `written-${index}`;
      await kubectl(program, [
        ...['label', 'vm', 'solo', `note=${note}`, '--overwrite', '--namespace', project],
      ]);
      line.heals();
      await hurry(page);
      await expect(page.getByText(note)).toBeVisible();
      await expect(stale).toBeHidden();
    });
  }

  await test.step('an action that is refused says so, and can be taken again', async () => {
    await line.breaks(faults[1]?.answer ?? status(500, 'InternalError', ''));
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByText('solo could not be started')).toBeVisible();
    line.heals();
    await hurry(page);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled();
  });
});
