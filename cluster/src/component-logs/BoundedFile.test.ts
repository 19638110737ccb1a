import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { BoundedFile } from './BoundedFile.ts';

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('keeps within its size, and the file before', async () => {
  const path = join(await temporaryFolder(), 'logs', 'part.log');
  const file = new BoundedFile(path, 100, () => undefined);
  for (let line = 0; line < 100; line++) {
    file.add(`line ${line}\n`);
    await file.settled();
  }
  expect((await stat(path)).size).toBeLessThanOrEqual(110);
  expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(110);
  expect(await readFile(path, 'utf8')).toMatch(/line 99\n$/);
});

it('writes what comes at once in order', async () => {
  const path = join(await temporaryFolder(), 'part.log');
  const file = new BoundedFile(path, 2 ** 20, () => undefined);
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}\n`);
  for (const line of lines) file.add(line);
  await file.settled();
  expect(await readFile(path, 'utf8')).toBe(lines.join(''));
});

it('tells once that it cannot write, and does not throw', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'logs'), 'no folder');
  const errors: unknown[] = [];
  const file = new BoundedFile(join(folder, 'logs', 'part.log'), 100, (error) =>
    errors.push(error),
  );
  file.add('one\n');
  await file.settled();
  file.add('two\n');
  await file.settled();
  expect(errors).toHaveLength(1);
});
