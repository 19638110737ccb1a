import type { Figure } from './Figure.ts';
import { firstRow, largeList, longestTask, observeTasks } from './largeList.ts';
import { connect } from './connect.mjs';
import { largeClusterFlags, projects } from './withLargeCluster.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const perSecond = 500;
const seconds = 10;

/** The list of 10,000 while 500 of its virtual machines change in each second. */
export function listStorm(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const { page, waitForAll } = await largeList(browser, program);
      await page.addInitScript(observeTasks);
      await page.reload();
      await firstRow(page);
      await waitForAll();
      await page.evaluate(() => {
        window.longTasks = [];
      });
      const changes = await storm(program.kubeconfig);
      return [
        { name: 'list-storm-changes', value: Math.round(changes), unit: '/s' },
        { name: 'list-storm-longest-task', value: await longestTask(page), unit: 'ms' },
      ];
    }, largeClusterFlags),
  );
}

/** Changes a label of one virtual machine after the other, at an even pace; gives how many a second. */
async function storm(kubeconfig: string): Promise<number> {
  const { send, close } = await connect(kubeconfig);
  const total = perSecond * seconds;
  const start = performance.now();
  const pending: Promise<unknown>[] = [];
  try {
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * perSecond));
      for (; sent < due; sent += 1) {
        const path = `/apis/kubevirt.io/v1/namespaces/load-${sent % projects}/virtualmachines/vm-${sent}`;
        const body = { metadata: { labels: { tick: `${sent}` } } };
        pending.push(send('PATCH', path, body, 'application/merge-patch+json'));
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(pending);
    return total / ((performance.now() - start) / 1000);
  } finally {
    close();
  }
}
