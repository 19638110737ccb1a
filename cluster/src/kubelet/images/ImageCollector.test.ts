import { expect, test } from 'vitest';

import type { Clock } from '../../client/Clock.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Pod } from '../../client/resources.ts';
import { type KeptImage, simulatedContainerImages } from './ContainerImages.ts';
import { ImageCollector } from './ImageCollector.ts';

const minute = 60_000;
const now = 1_700_000_000_000;
const gibibyte = 2 ** 30;

const podWith = (imageID: string, phase: string) => ({
  status: { phase, containerStatuses: [{ imageID }] },
});

/** Which images are removed of those that are there. */
async function collect(
  images: Record<string, { age: number }>,
  { used, pods = [] }: { used: number; pods?: unknown[] },
): Promise<string[]> {
  const removed: string[] = [];
  const kept = Object.entries(images).map(([digest, { age }]): KeptImage => ({
    digest,
    bytes: gibibyte,
    lastUsed: now - age,
  }));
  const collector = new ImageCollector({
    images: {
      ...simulatedContainerImages,
      list: () => Promise.resolve(kept),
      remove: (digest) => Promise.resolve(void removed.push(digest)),
    },
    pods: { list: () => pods } as unknown as Informer<Pod>,
    usage: () => Promise.resolve({ used, size: 100 * gibibyte }),
    clock: { now: () => now } as Clock,
  });
  await collector.look();
  return removed;
}

test('what nobody used for a week goes, whatever room there is', async () => {
  const images = { old: { age: 8 * 24 * 60 * minute }, young: { age: 24 * 60 * minute } };
  expect(await collect(images, { used: gibibyte })).toEqual(['old']);
});

test('on a full disk the longest unused go until there is room, but none that just came', async () => {
  const images = {
    new: { age: minute },
    hour: { age: 60 * minute },
    day: { age: 24 * 60 * minute },
    tenMinutes: { age: 10 * minute },
  };
  expect(await collect(images, { used: 82 * gibibyte })).toEqual([]);
  expect(await collect(images, { used: 86 * gibibyte })).toEqual(['day', 'hour', 'tenMinutes']);
});

test('an image of a pod stays, also when it is old; that of a pod that has ended does not', async () => {
  const images = { used: { age: 9e9 }, left: { age: 9e9 } };
  const pods = [podWith('used', 'Running'), podWith('left', 'Succeeded')];
  expect(await collect(images, { used: 99 * gibibyte, pods })).toEqual(['left']);
});
