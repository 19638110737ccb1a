import { defineConfig } from '@playwright/test';

// The guests run under software emulation on most machines, and a machine that builds something
// beside the tests is slower still: limits are far above what a calm machine needs.
export default defineConfig({
  testDir: 'integration-tests',
  outputDir: 'test-results/journeys',
  // One for each core of the machine that everything is made for; each has a program of its own.
  workers: 2,
  fullyParallel: false,
  // What passes at the second try only is broken.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  },
});
