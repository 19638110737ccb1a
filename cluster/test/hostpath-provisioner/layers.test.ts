import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { Qcow2Images } from '../../src/hostpath-provisioner/Qcow2Images.ts';
import { temporaryFolder } from '../kubevirt/clusterFixture.ts';

test('a disk that is made while others are removed stays', async () => {
  const root = await temporaryFolder();
  const images = new Qcow2Images(root);
  const volume = (name: string) => join(root, 'volumes', name);
  const disk = { bytes: 2 ** 20 };
  const rounds = Array.from({ length: 12 }, (_none, index) => index);
  // More of them make a look at all of them take longer.
  await Promise.all(rounds.map((index) => images.createBlank(volume(`old-${index}`), disk)));
  const names: string[] = [];
  for (const index of rounds) {
    const removed = images.remove(volume(`old-${index}`));
    const made: Promise<void>[] = [];
    // Some of them begin while what is to go is looked for.
    for (let part = 0; part < 8; part++) {
      const name = volume(`new-${index}-${part}`);
      names.push(name);
      made.push(images.createBlank(name, disk));
      await sleep(1);
    }
    await Promise.all([removed, ...made]);
  }
  for (const name of names) expect(await images.sizeOf(name), name).toBe(disk.bytes);
});
