import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Browser, Page } from '@playwright/test';

import { guestFiles } from '../cluster/src/kubevirt/virt-launcher/qemuArguments.ts';
import { createVm } from '../integration-tests/kubectl.ts';
import type { Program } from '../integration-tests/program.ts';
import { readScreen, screenOf, waitForLogin } from '../integration-tests/screen.ts';
import { type Figure, median } from './Figure.ts';
import { RfbClient } from './RfbClient.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const rounds = 3;
const keysEach = 20;
const name = 'mirror';
const letter = { key: 'a', keysym: 0x61 };

/** A moment between two keys, not in step with the server's pictures. */
const pause = () => sleep(150 + Math.random() * 60);

/**
 * From a key to a changed pixel: through browser, console, API and launcher, and of a VNC client at QEMU's own
 * socket; in turns, so that both meet the same machine. The guest's cursor is hidden, whose blinking would be
 * taken for an answer. Keys are let go after the answer: QEMU looks at the picture anew at each event of a key, so
 * that one which is let go meanwhile is answered sooner the later that is sent.
 */
export function consoleLatency(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      await createVm(program, { name, namespace: 'default' });
      await prepareGuest(browser, program);
      const socket = await vncSocket(program);
      const whole: number[] = [];
      const direct: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        direct.push(...(await directDelays(socket)));
        whole.push(...(await wholeDelays(browser, program)));
      }
      const ratio = median(whole) / median(direct);
      return [
        {
          name: 'console-latency',
          value: Math.round(ratio * 100) / 100,
          unit: 'of a direct client',
          budget: 1.15,
        },
        { name: 'console-latency-whole', value: Math.round(median(whole)), unit: 'ms' },
        { name: 'console-latency-direct', value: Math.round(median(direct)), unit: 'ms' },
      ];
    }),
  );
}

const consolePath = `/k8s/ns/default/kubevirt.io~v1~VirtualMachine/${name}/console`;

async function openConsole(browser: Browser, program: Program): Promise<Page> {
  const page = await browser.newPage();
  // esbuild, by which this program runs, names functions so, also those that are sent to the page.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(observeKeys);
  const url = new URL(program.url);
  await page.goto(url.href);
  await page.goto(new URL(consolePath, url).href);
  return page;
}

async function prepareGuest(browser: Browser, program: Program): Promise<void> {
  const page = await openConsole(browser, program);
  const screen = screenOf(page, name);
  const letters = await waitForLogin(screen);
  await screen.focus();
  await page.keyboard.type('root\n', { delay: 50 });
  while (!/^root.mirror/m.test(await readScreen(screen, letters))) await sleep(100);
  await page.keyboard.type("clear; printf '\\033[?25l'\n", { delay: 50 });
  await sleep(2000);
  await page.close();
}

async function vncSocket(program: Program): Promise<string> {
  const guests = join(program.dataDir, 'nodes', 'node-1', 'guests');
  const [guest = ''] = await readdir(guests);
  return join(guests, guest, guestFiles.vnc);
}

async function directDelays(socket: string): Promise<number[]> {
  const client = await RfbClient.connect(socket);
  try {
    const delays: number[] = [];
    for (let index = 0; index < keysEach; index += 1) {
      await pause();
      const begin = performance.now();
      await client.press(letter.keysym);
      delays.push(performance.now() - begin);
      client.release(letter.keysym);
    }
    return delays;
  } finally {
    client.close();
  }
}

declare global {
  interface Window {
    /** Milliseconds from each key to the change of the screen that follows it. */
    keyDelays: number[];
  }
}

/** For `addInitScript`: a canvas that is drawn to is a pixel that changes. */
function observeKeys(): void {
  window.keyDelays = [];
  let pressedAt: number | undefined;
  window.addEventListener(
    'keydown',
    () => {
      pressedAt = performance.now();
    },
    true,
  );
  const { prototype } = CanvasRenderingContext2D;
  const draw: unknown = Reflect.get(prototype, 'drawImage');
  if (typeof draw !== 'function') throw new Error('this browser draws nothing');
  Object.assign(prototype, {
    drawImage(this: CanvasRenderingContext2D, ...given: unknown[]) {
      Reflect.apply(draw, this, given);
      if (pressedAt === undefined || !this.canvas.isConnected) return;
      window.keyDelays.push(performance.now() - pressedAt);
      pressedAt = undefined;
    },
  });
}

async function wholeDelays(browser: Browser, program: Program): Promise<number[]> {
  const page = await openConsole(browser, program);
  const screen = screenOf(page, name);
  await screen.focus();
  // The first picture has come.
  await page.waitForFunction(() => (document.querySelector('canvas')?.width ?? 0) > 300);
  await sleep(1000);
  await page.evaluate(() => {
    window.keyDelays = [];
  });
  for (let index = 0; index < keysEach; index += 1) {
    await pause();
    await page.keyboard.down(letter.key);
    await page.waitForFunction((count) => window.keyDelays.length > count, index);
    await page.keyboard.up(letter.key);
  }
  const delays = await page.evaluate(() => window.keyDelays);
  await page.close();
  return delays;
}
