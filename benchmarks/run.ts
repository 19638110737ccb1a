import { apiAtScale } from './apiAtScale.ts';
import { apiTraffic } from './apiTraffic.ts';
import { bundle } from './bundle.ts';
import { createToPicture } from './createToPicture.ts';
import { clone, disks } from './disks.ts';
import type { Figure } from './Figure.ts';
import { install } from './install.ts';
import { listAtScale } from './listAtScale.ts';
import { listStorm } from './listStorm.ts';
import { snapshot } from './snapshot.ts';
import { startWarm } from './startWarm.ts';

/** Each prints its figures; none is a timed test. */
const benchmarks: Record<string, () => Promise<Figure[]>> = {
  'start-warm': startWarm,
  'create-to-picture': createToPicture,
  bundle,
  'list-10k': listAtScale,
  'list-storm': listStorm,
  install,
  disks,
  clone,
  snapshot,
  'api-scale': apiAtScale,
  'api-traffic': apiTraffic,
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
  for (const { name: figure, value, unit } of await measure()) {
    console.log(`${figure}: ${value} ${unit}`);
  }
}
