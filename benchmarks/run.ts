import { apiList } from './apiList.ts';
import { apiMemory } from './apiMemory.ts';
import { apiStart } from './apiStart.ts';
import { apiWatchFanout } from './apiWatchFanout.ts';
import { apiWrite } from './apiWrite.ts';
import { bundle } from './bundle.ts';
import { consoleLatency } from './consoleLatency.ts';
import { createClicks } from './createClicks.ts';
import { createToPicture } from './createToPicture.ts';
import { clone, importDisks, upload } from './disks.ts';
import { type Figure, figureText } from './Figure.ts';
import { install } from './install.ts';
import { listAtScale } from './listAtScale.ts';
import { listStorm } from './listStorm.ts';
import { migrate } from './migrate.ts';
import { snapshot } from './snapshot.ts';
import { startWarm } from './startWarm.ts';
import { vmDensity } from './vmDensity.ts';
import { vmStart } from './vmStart.ts';
import { ovaParse } from './ovaParse.ts';
import { wizardOpen } from './wizardOpen.ts';

/** Each prints its figures; none is a timed test. */
const benchmarks: Record<string, () => Promise<Figure[]>> = {
  'start-warm': startWarm,
  'create-to-picture': createToPicture,
  'create-clicks': createClicks,
  'wizard-open': wizardOpen,
  'ova-parse': ovaParse,
  bundle,
  'list-10k': listAtScale,
  'list-storm': listStorm,
  install,
  import: importDisks,
  upload,
  clone,
  snapshot,
  'api-list-10k': apiList,
  'api-watch-fanout': apiWatchFanout,
  'api-write': apiWrite,
  'api-memory': apiMemory,
  'api-start': apiStart,
  'vm-start': vmStart,
  'vm-density': vmDensity,
  migrate,
  'console-latency': consoleLatency,
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benchmarks);
for (const name of wanted) {
  const measure = benchmarks[name];
  if (!measure) {
    console.error(
      `There is no benchmark "${name}"; there are: ${Object.keys(benchmarks).join(', ')}.`,
    );
    process.exitCode = 1;
    continue;
  }
  for (const figure of await measure()) console.log(figureText(figure));
}
