import { setTimeout as sleep } from 'node:timers/promises';

import { connect } from './connect.mjs';
import type { Figure } from './Figure.ts';
import { firstRow, largeList, longestTask, observeTasks } from './largeList.ts';
import { longestOfMainThread } from './mainThread.ts';
import { largeClusterFlags } from './withLargeCluster.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const perSecond = 500;
const seconds = 10;
const machines = '/apis/kubevirt.io/v1/virtualmachines?limit=1';

/** The list of 10,000 while 500 of its virtual machines change in each second. */
export function listStorm(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(
      async (program) => {
        const { page, waitForAll } = await largeList(browser, program);
        await page.addInitScript(observeTasks);
        await page.reload();
        await firstRow(page);
        await waitForAll();
        // What loading has left to do is not what is measured.
        await sleep(2000);
        await page.evaluate(() => {
          window.longTasks = [];
        });
        let changes = 0;
        const { work, collection } = await longestOfMainThread(browser, async () => {
          changes = await countChanges(program.kubeconfig);
        });
        return [
          {
            name: 'list-storm-changes',
            value: Math.round(changes),
            unit: '/s',
            budget: perSecond,
            atLeast: true,
          },
          {
            name: 'list-storm-longest-task',
            value: await longestTask(page),
            unit: 'ms',
            budget: 50,
          },
          // What of it is ours: the rest waits for a processor, that is for the other programs here.
          { name: 'list-storm-longest-task-work', value: work, unit: 'ms', budget: 50 },
          { name: 'list-storm-longest-collection', value: collection, unit: 'ms' },
        ];
      },
      [...largeClusterFlags, '--churn', String(perSecond)],
    ),
  );
}

interface List {
  body: { metadata: { resourceVersion: string } };
}

/** How many writes there are in a second, for some seconds: each has a revision of its own. */
async function countChanges(kubeconfig: string): Promise<number> {
  const { send, close } = await connect(kubeconfig);
  const revision = async () => {
    const reply = (await send('GET', machines, undefined)) as List;
    return Number(reply.body.metadata.resourceVersion);
  };
  try {
    const start = performance.now();
    const before = await revision();
    await sleep(seconds * 1000);
    return (((await revision()) - before) * 1000) / (performance.now() - start);
  } finally {
    close();
  }
}
