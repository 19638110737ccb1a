import { ObjectStore } from '../../../src/apiserver/storage/ObjectStore.ts';
import { nextStep } from './steps.ts';

/** Takes each of the names through its steps for ever, and prints `name step` once it is durable. */
async function writeStore(directory: string, done: Readonly<Record<string, number>>) {
  const store = new ObjectStore(directory);
  await Promise.all(
    Object.entries(done).map(async ([name, first]) => {
      for (let step = first + 1; ; step += 1) {
        await nextStep(store, name, step)?.durable;
        process.stdout.write(`${name} ${step}\n`);
      }
    }),
  );
}

await writeStore(
  process.argv[2] ?? '',
  JSON.parse(process.argv[3] ?? '{}') as Record<string, number>,
);
