import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Browser, chromium } from '@playwright/test';

import { Program } from '../integration-tests/program.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Gives `work` a program on a new data folder, and removes both at the end. */
export async function withProgram<T>(
  work: (program: Program) => Promise<T>,
  flags: readonly string[] = ['--guest-images', 'micro'],
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-bench-'));
  const program = new Program(folder, flags);
  const end = async () => {
    await program.dispose();
    await rm(folder, { recursive: true, force: true });
  };
  // Guests outlive the program that started them.
  const interrupt = () => void end().finally(() => process.exit(1));
  for (const signal of signals) process.once(signal, interrupt);
  try {
    await program.start();
    return await work(program);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    await end();
  }
}

/** Gives `work` a browser like the one of the tests. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
