import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createCluster } from '../../src/createCluster.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { testImage } from './testImage.ts';

/**
 * A cluster whose import never ends, with a half written disk in its volume: for a test that kills it.
 * Says `importing` when it has come so far.
 */
const dataDir = process.argv[2] ?? '';

await createCluster({
  dataDir,
  nodes: 1,
  runtime: await QemuRuntime.create(),
  guestImages: [
    testImage(() => {
      const layer = join(dataDir, 'layers', 'unfinished');
      mkdirSync(layer, { recursive: true });
      writeFileSync(join(layer, 'disk.qcow2'), 'QFI');
      console.log('importing');
      return new Promise(() => undefined);
    }),
  ],
  authenticate: () => undefined,
  log: () => undefined,
});
