import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { guestFiles } from './qemuArguments.ts';
import { launcherLog } from './QemuProcess.ts';

test("a guest's log has a line for each text, and is missed by nobody once its folder is gone", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  launcherLog(folder, 'first');
  launcherLog(folder, 'second');
  const lines = (await readFile(join(folder, guestFiles.log), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['first', 'second']);
  await rm(folder, { recursive: true });
  expect(() => launcherLog(folder, 'third')).not.toThrow();
});
